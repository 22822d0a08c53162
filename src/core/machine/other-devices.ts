import {
  MAX_DEVICES,
  MAX_STATED_CALLS,
  PROTOCOL_VERSION,
  SERVER_DEVICE,
} from '../protocol/limits.js';
import type { Delivered, InboxReport, MessageOf } from '../protocol/messages.js';
import { oneOf } from '../protocol/one-of.js';
import type { Phase } from '../protocol/vocabulary.js';
import * as durations from './durations.js';
import { stopRingingIfBusy } from './ringing.js';
import type { TransitionContext } from './transition-context.js';
import type { MachineEvent } from './events.js';
import type { MachineState } from './types.js';

/*
 * Busy is a fact of the user: each device states the calls that it is in to the other devices of its user and to the
 * server, and answers busy by what the others have stated. docs/protocol.md, rule 7.
 */

/** The callID of a statement that names no call, and of its timer. */
const NO_CALL = 'none';
const NOTHING_STATED: MachineState['stated'] = { messageID: '', callIDs: [] };

/** The fields of the state that this module owns, before the first connection. */
export const NO_OTHER_DEVICES: Pick<MachineState, 'otherDevices' | 'sharesCalls' | 'stated'> = {
  otherDevices: new Map(),
  sharesCalls: false,
  stated: NOTHING_STATED,
};

const isOwnCall = oneOf<Phase>('in', 'accepting');

/** States the calls that this device is in, if they have changed since it last did, and the server knows `busy`. */
export function stateCalls(ctx: TransitionContext): void {
  if (!ctx.synced || !ctx.sharesCalls) return;
  const own = [...ctx.calls.values()].filter(({ phase }) => isOwnCall(phase)).map(({ id }) => id);
  const callIDs = own.slice(-MAX_STATED_CALLS);
  const stated = ctx.stated?.callIDs;
  if (stated?.length === callIDs.length && callIDs.every((id) => stated.includes(id))) return;
  const messageID = ctx.nextMessageID();
  ctx.stated = { messageID, callIDs };
  ctx.effect({
    type: 'send',
    message: {
      ...{ v: PROTOCOL_VERSION, id: messageID, type: 'busy', callIDs },
      ...{ callID: callIDs[0] ?? stated?.[0] ?? NO_CALL, to: [ctx.me] },
      ...{ records: [], names: [], remaining: [] },
    },
  });
}

/** The server has rejected the last statement, because it receives too many messages: it is repeated later. */
export function onStatementRefused(
  ctx: TransitionContext,
  { messageID }: MachineEvent & { readonly type: 'transport.refused' },
): void {
  if (messageID !== ctx.stated?.messageID) return;
  const timer = { callID: NO_CALL, kind: 'state-calls' } as const;
  ctx.effect({ type: 'start-timer', timer, ms: durations.STATE_CALLS_AGAIN_MS });
}

/** What the server knows of this device's calls may be old: they are stated again at the end of this transition. */
export function stateCallsAgain(ctx: TransitionContext): void {
  if (ctx.stated?.callIDs.length !== 0 || ctx.stated.messageID !== '') ctx.stated = undefined;
}

/** Another device of this user states the calls that it is in; or the server states that a device is lost. */
export function onBusy(ctx: TransitionContext, message: Delivered<MessageOf<'busy'>>): void {
  const { from, at, callIDs } = message;
  const { otherDevices } = ctx;
  if (from.userID !== ctx.me) return;
  const isByServer = from.deviceID === SERVER_DEVICE;
  const device = isByServer ? message.device : from.deviceID;
  if (device === undefined || device === ctx.self.deviceID) return;
  // The device may have come back since the server has reported it as lost.
  if (at < (otherDevices.get(device)?.at ?? 0)) return;
  if (!otherDevices.has(device) && otherDevices.size >= MAX_DEVICES) return;
  // An empty statement is kept until the next list, which may be older.
  otherDevices.set(device, { callIDs, at });
  stopRingingIfBusy(ctx);
}

/** A new connection: the server's list, which follows, replaces what this device knows, except what arrives meanwhile. */
export function expectBusyReport({ otherDevices }: TransitionContext): void {
  for (const [device, { callIDs }] of otherDevices) otherDevices.set(device, { callIDs, at: 0 });
}

/** The server's list of the devices that are in calls. @param report undefined from a server that does not know `busy` */
export function onBusyReport(ctx: TransitionContext, report: InboxReport['busy']): void {
  const { otherDevices } = ctx;
  ctx.sharesCalls = report !== undefined;
  stateCallsAgain(ctx);
  for (const [device, { at }] of otherDevices) if (at === 0) otherDevices.delete(device);
  for (const { device, callIDs } of report ?? [])
    if (device !== ctx.self.deviceID && !otherDevices.has(device))
      otherDevices.set(device, { callIDs, at: 0 });
  stopRingingIfBusy(ctx);
}
