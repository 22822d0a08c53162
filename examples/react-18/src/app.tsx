import { useLayoutEffect, useRef, useState } from 'react';
import type { CallInvitationProvider, StartCallButton } from 'ringkit';

const me = location.search.slice(1) || 'alice';
const other = me === 'alice' ? 'bob' : 'alice';

/** A ref that sets these properties of its element after each render, before the element first acts. */
function useProperties<E extends Element>(properties: Partial<E>) {
  const ref = useRef<E>(null);
  useLayoutEffect(() => {
    Object.assign(ref.current!, properties);
  });
  return ref;
}

export function App() {
  const [status, setStatus] = useState('idle');
  const provider = useProperties<CallInvitationProvider>({
    invitationEvents: { onCallStateChanged: (call) => setStatus(call.status) },
  });
  const button = useProperties<StartCallButton>({ callees: [other] });
  return (
    <call-invitation-provider ref={provider} user-id={me} signaling="ws://localhost:8787">
      <h1>You are {me}</h1>
      <start-call-button ref={button} call-type="video">
        Call {other}
      </start-call-button>
      <output>{status}</output>
    </call-invitation-provider>
  );
}
