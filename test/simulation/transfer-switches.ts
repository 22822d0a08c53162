import type { Switch } from './switches.js';

/** Switches of the rules for merged and transferred calls. */
export const transferSwitches: readonly Switch[] = [
  {
    name: 'replaces-running-call',
    rule: '19: a call on hold is not replaced',
    file: 'replacement.ts',
    find: "if (former.id !== ctx.current || former.phase !== 'in' || former.holdNumber !== undefined)",
    replace: "if (former.phase !== 'in')",
    noticed: { preset: 'transfer', from: 46, count: 1 },
  },
  {
    name: 'replaced-call-is-held',
    rule: '19: the call that is replaced is put on hold until the new one is entered',
    file: 'replacement.ts',
    find: '  putOnHold(ctx, former);\n',
    replace: '',
    noticed: { preset: 'transfer', from: 6, count: 1 },
  },
  {
    name: 'replaced-call-ends',
    rule: '19: the replaced call ends when the new one is entered',
    file: 'replacement.ts',
    find: "if (call.phase === 'in' || call.endReason === 'hung-up') leave(ctx, former, '');",
    replace: "if (call.endReason === 'hung-up') leave(ctx, former, '');",
    noticed: { preset: 'transfer', from: 6, count: 1 },
  },
  {
    name: 'replaced-call-returns',
    rule: '19: if the new call is not entered, the replaced one continues',
    file: 'replacement.ts',
    find: `      makeCurrent(ctx, former);
      takeOffHold(ctx, former);`,
    replace: '      makeCurrent(ctx, former);',
    noticed: { preset: 'transfer', from: 252, count: 1 },
  },
  {
    name: 'transfer-leaves',
    rule: '19: the member who transfers leaves when the other user has come in',
    file: 'transfer.ts',
    find: 'startTimer(ctx, call, transfer, durations.TRANSFER_LEAVE_MS);',
    replace: 'call.transfer = undefined;',
    noticed: { preset: 'transfer', from: 34, count: 1 },
  },
  {
    name: 'transfer-needs-two',
    rule: '19: a member who transfers does not leave a user alone',
    file: 'transfer.ts',
    find: 'if (!isIn(call, transfer.to) || othersIn(call, ctx.me).length < 2)',
    replace: 'if (!isIn(call, transfer.to))',
    noticed: { preset: 'transfer', from: 220, count: 1 },
  },
  {
    name: 'failed-transfer-stays',
    rule: '19: a transfer that fails leaves the call as it was',
    file: 'transfer.ts',
    find: 'if (!isAsked(call, to)) fail(ctx, call, transfer);',
    replace: "if (isOwn) finish(ctx, call, 'hung-up', 'leave');",
    noticed: { preset: 'transfer', from: 9, count: 1 },
  },
  {
    name: 'lonely-transfer-ends',
    rule: '19: when nobody else is left, the invitation of a transfer is cancelled',
    file: 'transfer.ts',
    find: "    endInvitation(ctx, call, to, 'canceled');\n",
    replace: '',
    noticed: { preset: 'transfer', from: 21, count: 1 },
  },
  {
    name: 'inviter-keeps-calls',
    rule: '12: a device that invites and states that it keeps its other calls has not left them',
    file: 'invitation-events.ts',
    find: '} else if (!message.keepsOthers) endOtherCallsOf',
    replace: '} else endOtherCallsOf',
    noticed: { preset: 'transfer', from: 206, count: 1 },
  },
];
