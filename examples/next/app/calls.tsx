'use client';

import 'ringkit/define';
import 'ringkit/types/react';
import { useMemo, useState } from 'react';
import type { InvitationEvents } from 'ringkit/core';

export default function Calls() {
  const [user] = useState(() => location.search.slice(1) || 'alice');
  const [status, setStatus] = useState('idle');
  const other = user === 'alice' ? 'bob' : 'alice';
  const events = useMemo<InvitationEvents>(
    () => ({ onCallStateChanged: (call) => setStatus(call.status) }),
    [],
  );
  return (
    <call-invitation-provider
      user-id={user}
      signaling="ws://localhost:8787"
      invitationEvents={events}
    >
      <p>You are {user}</p>
      <start-call-button callees={[other]} call-type="video">
        Call {other}
      </start-call-button>
      <output>{status}</output>
    </call-invitation-provider>
  );
}
