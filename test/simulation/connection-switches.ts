import type { Switch } from './switches.js';

/** Rules about devices that were disconnected, and about what the server does not deliver. */
export const connectionSwitches: readonly Switch[] = [
  {
    name: 'offers-again',
    rule: '16: a device that was disconnected while it was accepting makes its offers again when it is selected',
    file: 'review.ts',
    find: 'if (hasReconnected)',
    replace: 'if (hasReconnected && !call)',
    noticed: { preset: 'storm', from: 70_000_159, count: 1 },
  },
  {
    name: 'report-rings',
    rule: '7: a device that reports that it rings counts as ringing',
    file: 'device-reports.ts',
    find: "(isReport && message.phase === 'incoming')",
    replace: "(isReport && message.phase === 'incoming' && !member)",
    noticed: { preset: 'storm', from: 60_000_784, count: 1 },
  },
  {
    name: 'withdraws-invitation',
    rule: '13: an invitation that the server rejects is withdrawn, and the round before it counts again',
    file: 'connection-events.ts',
    find: 'if (member.previous)',
    replace: 'if (!member)',
    noticed: { preset: 'liar', from: 70_005_906, count: 1 },
  },
];
