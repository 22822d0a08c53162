import { MAX_HELD_CALLS } from '../protocol/limits.js';
import { oneOf } from '../protocol/one-of.js';
import type { Phase } from '../protocol/vocabulary.js';
import { lastOnHold } from './call.js';
import type { TransitionContext } from './transition-context.js';
import type { MachineEvent } from './events.js';
import type { Call } from './types.js';

/*
 * Several calls on one device: at most one is active, and the others are on hold. A second call that rings meanwhile
 * waits. docs/protocol.md, rule 18.
 */

type HoldEvent = MachineEvent & { readonly type: 'user.hold' | 'user.unhold' | 'user.swap' };

/** Calls of one device that are active, on hold or waiting. A further invitation is answered busy. */
const MAX_CALLS = MAX_HELD_CALLS + 1;

/** Whether a device is in a call, or may have been selected already. */
const hasEntered = oneOf<Phase>('accepting', 'in');

/** States in a message that this device stays in its other calls, if there are any. */
export function keepsOthers({ calls }: TransitionContext, { id }: Call): { keepsOthers?: true } {
  const isElsewhere = [...calls.values()].some((call) => call.id !== id && hasEntered(call.phase));
  return isElsewhere ? { keepsOthers: true } : {};
}

/** Puts a call on hold: nothing is sent or received, but the device stays in the call, and its links stay open. */
export function putOnHold(ctx: TransitionContext, call: Call): void {
  if (call.phase !== 'in' || call.holdNumber !== undefined) return;
  call.holdNumber = ++ctx.serial;
  ctx.effect({ type: 'hold-media', callID: call.id, on: true });
}

export function takeOffHold(ctx: TransitionContext, call: Call): void {
  if (call.holdNumber === undefined) return;
  call.holdNumber = undefined;
  ctx.effect({ type: 'hold-media', callID: call.id, on: false });
}

/** Makes a call on hold the current one. It stays on hold. */
export function makeCurrent(ctx: TransitionContext, call: Call): void {
  ctx.current = call.id;
  ctx.effect({ type: 'show-media', callID: call.id });
}

export function hold(ctx: TransitionContext, { request }: HoldEvent): void {
  const call = ctx.call(ctx.current);
  const isTalking = call?.phase === 'in' && call.hadPeer && call.holdNumber === undefined;
  if (isTalking) putOnHold(ctx, call);
  ctx.resolveRequest(request, isTalking);
}

export function unhold(ctx: TransitionContext, { request }: HoldEvent): void {
  const call = ctx.call(ctx.current);
  const isOnHold = call?.holdNumber !== undefined;
  if (isOnHold) takeOffHold(ctx, call);
  ctx.resolveRequest(request, isOnHold);
}

/** Puts the current call on hold, and continues the one that was put on hold last. */
export function swap(ctx: TransitionContext, { request }: HoldEvent): void {
  const call = ctx.call(ctx.current);
  const other = ctx.call(lastOnHold(ctx.calls, ctx.current));
  const isPossible = call?.phase === 'in' && call.hadPeer && other !== undefined;
  if (isPossible) {
    putOnHold(ctx, call);
    makeCurrent(ctx, other);
    takeOffHold(ctx, other);
  }
  ctx.resolveRequest(request, isPossible);
}

/** Number of calls that this device is in, or that ring on it. */
function callCount({ calls }: TransitionContext): number {
  return [...calls.values()].filter(
    ({ phase, isQuiet }) =>
      phase === 'in' || phase === 'accepting' || (phase === 'incoming' && !isQuiet),
  ).length;
}

/** Whether a second call may ring while this device is in a call. */
export function mayWait(ctx: TransitionContext, call: Call): boolean {
  const { callWaiting, waiting, self } = ctx;
  if (!callWaiting || !self.canTakeCalls || waiting !== undefined) return false;
  if (ctx.isBusyElsewhere(call.id)) return false;
  const current = ctx.call(ctx.current);
  const isTalking = current === undefined || (current.phase === 'in' && current.hadPeer);
  return isTalking && callCount(ctx) < MAX_CALLS;
}

/**
 * Whether the user may place or join another call: there is none in this browser, or all of them are on hold. A call on
 * another device does not prevent it: that device may be out of reach, or lost and not reported yet.
 */
export function mayPlaceCall(ctx: TransitionContext, callID: string): boolean {
  const current = ctx.calls.get(ctx.current ?? '');
  if (ctx.waiting !== undefined || (current && current.holdNumber === undefined)) return false;
  if (ctx.busyInOtherTab !== undefined && ctx.busyInOtherTab !== callID) return false;
  return callCount(ctx) < MAX_CALLS;
}

/** Whether this device is in a call on hold with this user. */
export function isOnHoldWith(ctx: TransitionContext, user: string): boolean {
  return [...ctx.calls.values()].some(
    ({ holdNumber, members }) =>
      holdNumber !== undefined && members.get(user)?.record.state === 'in',
  );
}

/**
 * After the current call has ended, the waiting call rings as the current one, or the call that was put on hold last
 * is the current one. It continues only if the user has hung up or cancelled the other call: nothing else switches on a microphone.
 */
export function replaceCurrent(ctx: TransitionContext, isByUser: boolean): void {
  if (ctx.current !== undefined) return;
  if (ctx.waiting !== undefined) {
    ctx.current = ctx.waiting;
    ctx.waiting = undefined;
    return;
  }
  const call = ctx.call(lastOnHold(ctx.calls));
  if (!call) return;
  makeCurrent(ctx, call);
  if (isByUser) takeOffHold(ctx, call);
}

/** Whether a call is the current one, or the waiting one. */
export const isShown = ({ current, waiting }: TransitionContext, callID: string): boolean =>
  callID === current || callID === waiting;
