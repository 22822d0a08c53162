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
  {
    name: 'learns-missed-invitations',
    rule: '15: a member who has just come in learns from others which invitations it coordinates',
    file: 'authority.ts',
    find: 'if (isMissedInvitation(ctx, call, record, known))',
    replace: 'if (!known && isMissedInvitation(ctx, call, record, record))',
    noticed: { preset: 'liar-group', from: 80_141_891, count: 1 },
  },
  {
    name: 'keeps-ends-of-rounds',
    rule: '8: the end of an invitation that arrives before the user has left is kept',
    file: 'claims.ts',
    find: 'endsDeferred(ctx, message, record) ||',
    replace: '',
    noticed: { preset: 'liar-group', from: 80_100_981, count: 1 },
  },
  {
    name: 'answers-late-selections',
    rule: '13: a device that has hung up during a join answers its selection by `leave`',
    file: 'authority.ts',
    find: 'maySelectLate(call, from))',
    replace: '(!call && maySelectLate(call, from)))',
    noticed: { preset: 'liar-faults', from: 80_061_041, count: 1 },
  },
  {
    name: 'tells-the-selected',
    rule: '13: a device that has left also tells the user whom the others let in meanwhile',
    file: 'stale-entry.ts',
    find: '[message.user] : []',
    replace: '[] : []',
    noticed: { preset: 'liar-group', from: 93_041_238, count: 1 },
  },
  {
    name: 'decision-repeated',
    rule: '3: a decision that the server has rejected is repeated',
    file: 'connection-events.ts',
    find: '  onDecisionRefused(ctx, call, event.messageID);\n',
    replace: '  void onDecisionRefused;\n',
    noticed: { preset: 'big', from: 30_036_149, count: 1, without: 'waits-for-inviter' },
  },
];
