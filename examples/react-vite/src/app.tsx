import { useMemo, useRef, useState } from 'react';
import type { CallInvitationProvider } from 'ringkit';
import type { InvitationEvents } from 'ringkit/core';

const me = location.search.slice(1) || 'alice';
const other = me === 'alice' ? 'bob' : 'alice';

export function App() {
  const provider = useRef<CallInvitationProvider>(null);
  const [status, setStatus] = useState('idle');
  const events = useMemo<InvitationEvents>(
    () => ({ onCallStateChanged: (call) => setStatus(call.status) }),
    [],
  );
  return (
    <call-invitation-provider
      ref={provider}
      user-id={me}
      signaling="ws://localhost:8787"
      invitationEvents={events}
    >
      <h1>You are {me}</h1>
      <start-call-button callees={[other]} call-type="video">
        Call {other}
      </start-call-button>
      <button onClick={() => void provider.current?.service.hangUp()}>End the call</button>
      <output>{status}</output>
    </call-invitation-provider>
  );
}
