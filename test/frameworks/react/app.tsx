import { useState } from 'react';
import '../../../src/types/react.js';
import { line, peer, user } from '../page.js';

/** A page that calls, in React 19. Each event renders it with new objects, as in React pages. */
export function App() {
  const [heard, setHeard] = useState<readonly string[]>([]);
  const hear = (text: string): void => setHeard((before) => [...before, text]);

  return (
    <call-invitation-provider
      userID={user}
      signaling="local:react"
      config={{ invitationTimeoutSeconds: 45, ringtone: { incoming: false, outgoing: false } }}
      invitationEvents={{
        onIncomingCallReceived: (_callID, caller) =>
          hear(line('onIncomingCallReceived', caller.userID)),
      }}
      onincoming-call-received={({ caller }) => hear(line('incoming-call-received', caller.userID))}
      onincoming-call-accept-button-pressed={({ type }) => hear(line(type))}
      onoutgoing-call-accepted={({ callee }) => hear(line('outgoing-call-accepted', callee.userID))}
      oncall-state-changed={({ call }) => hear(line('call-state-changed', call.status))}
    >
      <start-call-button callees={[peer]}>Ring {peer}</start-call-button>
      <ol>
        {heard.map((text, index) => (
          <li key={index}>{text}</li>
        ))}
      </ol>
    </call-invitation-provider>
  );
}
