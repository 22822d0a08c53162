import type { Switch } from './switches.js';

/** Switches of the rules that make a user busy on all devices. */
export const busySwitches: readonly Switch[] = [
  {
    name: 'busy-on-other-devices',
    rule: '7: a call on another device makes the user busy',
    file: 'transition-context.ts',
    find: 'callIDs.some((id) => id !== callID));',
    replace: 'callIDs.some((id) => id !== id));',
    noticed: { preset: 'everywhere', from: 3, count: 20 },
  },
  {
    name: 'calls-are-stated',
    rule: '7: a device states the calls that it is in',
    file: 'other-devices.ts',
    find: 'if (!ctx.synced || !ctx.sharesCalls) return;',
    replace: 'if (ctx.synced || !ctx.sharesCalls) return;',
    noticed: { preset: 'everywhere', from: 2, count: 20 },
  },
  {
    name: 'calls-are-stated-again',
    rule: '7: after a reconnect, a device states its calls again',
    file: 'other-devices.ts',
    find: `  stateCallsAgain(ctx);
  for`,
    replace: '  for',
    noticed: { preset: 'everywhere-faults', from: 5, count: 60 },
  },
  {
    name: 'ringing-stops-when-busy',
    rule: '7: a call stops ringing when the user is in another one on another device',
    file: 'other-devices.ts',
    find: `  otherDevices.set(device, { callIDs, at });
  stopRingingIfBusy(ctx);`,
    replace: '  otherDevices.set(device, { callIDs, at });',
    noticed: { preset: 'everywhere', from: 3, count: 20 },
  },
  {
    name: 'busy-after-ringing',
    rule: '7: a device that has answered busy does not ring any more',
    file: 'coordinator.ts',
    find: '!(ringingDevices.length &&',
    replace: '!(!ringingDevices &&',
    noticed: { preset: 'everywhere', from: 141, count: 1 },
  },
  {
    name: 'busy-list-replaces',
    rule: '7: after a reconnect, the list of the server replaces what a device knew before',
    file: 'other-devices.ts',
    find: 'otherDevices.set(device, { callIDs, at: 0 });\n}',
    replace: 'otherDevices.set(device, { callIDs, at: 1 });\n}',
    noticed: { preset: 'everywhere-faults', from: 4, count: 60 },
  },
  {
    name: 'newer-statement-counts',
    rule: '7: what a device states counts more than an older list of the server',
    file: 'other-devices.ts',
    find: 'if (at === 0) otherDevices.delete(device);',
    replace: 'if (at >= 0) otherDevices.delete(device);',
    noticed: { preset: 'everywhere-faults', from: 5, count: 200 },
  },
];
