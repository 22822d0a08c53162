import type { Switch } from './switches.js';

/** Switches of the rules for several calls on one device. */
export const holdSwitches: readonly Switch[] = [
  {
    name: 'one-active-call',
    rule: '18: the running call is put on hold before a waiting one is accepted',
    file: 'user-events.ts',
    find: 'else if (current) putOnHold(ctx, current);',
    replace: 'else if (!current) putOnHold(ctx, waiting);',
    noticed: { preset: 'waiting', from: 4, count: 20 },
  },
  {
    name: 'swap-holds',
    rule: '18: a swap puts the running call on hold',
    file: 'hold.ts',
    find: `    putOnHold(ctx, call);
    makeCurrent(ctx, other);`,
    replace: '    makeCurrent(ctx, other);',
    noticed: { preset: 'waiting', from: 114, count: 1 },
  },
  {
    name: 'one-waits',
    rule: '18: one call waits at a time',
    file: 'hold.ts',
    find: '|| !self.canTakeCalls || waiting !== undefined) return false;',
    replace: '|| !self.canTakeCalls || waiting === call.id) return false;',
    noticed: { preset: 'waiting', from: 16, count: 60 },
  },
  {
    name: 'waits-while-talking',
    rule: '18: a call waits only during a call that another user has answered',
    file: 'hold.ts',
    find: `current === undefined || (current.phase === 'in' && current.hadPeer);
  return isTalking`,
    replace: `current === undefined || current.phase === 'in';
  return isTalking`,
    noticed: { preset: 'waiting', from: 1, count: 20 },
  },
  {
    name: 'waiting-rings-on',
    rule: '18: when the running call ends, the waiting one rings as the current call',
    file: 'hold.ts',
    find: `    ctx.current = ctx.waiting;
    ctx.waiting = undefined;
    return;`,
    replace: '    return;',
    noticed: { preset: 'waiting', from: 3, count: 20 },
  },
  {
    name: 'only-the-user-resumes',
    rule: '18: a call on hold continues only by an action of the user',
    file: 'hold.ts',
    find: 'if (isByUser) takeOffHold(ctx, call);',
    replace: 'takeOffHold(ctx, call);',
    noticed: { preset: 'waiting', from: 4, count: 20 },
  },
  {
    name: 'hold-is-kept',
    rule: '18: a device states that it stays in its other calls',
    file: 'hold.ts',
    find: 'return isElsewhere ? { keepsOthers: true } : {};',
    replace: 'return isElsewhere && !id ? { keepsOthers: true } : {};',
    noticed: { preset: 'waiting-faults', from: 382, count: 1 },
  },
  {
    name: 'hold-syncs',
    rule: '14: a reconnected device asks about its calls on hold too',
    file: 'connection-events.ts',
    find: `id === ctx.current || phase === 'in';`,
    replace: 'id === ctx.current;',
    noticed: { preset: 'waiting-faults', from: 5, count: 60 },
  },
  {
    name: 'waiting-is-busy',
    rule: '18: no other call rings in the place of the waiting one',
    file: 'transition-context.ts',
    find: 'this.waiting ?? lastOnHold(this.calls)',
    replace: 'lastOnHold(this.calls)',
    noticed: { preset: 'waiting', from: 95_040_438, count: 1 },
  },
];
