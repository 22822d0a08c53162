import { onAcknowledged, onSynced, onOnline, onRefused } from './connection-events.js';
import { TransitionContext } from './transition-context.js';
import * as durations from './durations.js';
import { emitMemberEvents } from './member-events.js';
import { linkOf, nameOf } from './call.js';
import { forgetHandled } from './handled-messages.js';
import { finish } from './ending.js';
import { hold, replaceCurrent, swap, unhold } from './hold.js';
import { onLink } from './links.js';
import { NO_OTHER_DEVICES, stateCalls } from './other-devices.js';
import { onMessage, receiveDeferredInvitations } from './message-events.js';
import { merge, transfer } from './merge-events.js';
import { settleReplacements } from './replacement.js';
import { review } from './review.js';
import { endQuietRinging, resolveGlaredCalls } from './ringing.js';
import { onTimer } from './timer-events.js';
import { join, resume } from './join-events.js';
import * as user from './user-events.js';
import type { MachineEvent } from './events.js';
import type { Call, Effect, MachineState, Self } from './types.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** @returns the state of a device that knows no calls and is not connected */
export function initialState(self: Self): MachineState {
  return {
    self,
    online: false,
    synced: false,
    syncedAt: 0,
    calls: new Map(),
    current: undefined,
    waiting: undefined,
    callWaiting: false,
    busyInOtherTab: undefined,
    ...NO_OTHER_DEVICES,
    doNotDisturb: false,
    blocked: new Set(),
    shownEnd: undefined,
    reportedMissed: new Map(),
    handled: new Map(),
    lastMessageAt: new Map(),
    sweptAt: 0,
    serial: 0,
  };
}

/**
 * Computes the next state and the effects of an event. It is a pure function: time, IDs, network and media are events
 * and effects. An event that does not fit the state changes nothing.
 */
export function transition(
  state: MachineState,
  event: MachineEvent,
): readonly [MachineState, readonly Effect[]] {
  const ctx = new TransitionContext(state, event.now);
  handle(ctx, event);
  settleReplacements(ctx);
  const isByUser = event.type === 'user.hang-up' || event.type === 'user.cancel';
  replaceCurrent(ctx, isByUser);
  endJoins(ctx);
  resolveGlaredCalls(ctx);
  replaceCurrent(ctx, isByUser);
  endQuietRinging(ctx);
  stateCalls(ctx);
  emitMemberEvents(ctx);
  answerRequests(ctx);
  sweep(ctx);
  return ctx.finish();
}

function handle(ctx: TransitionContext, event: MachineEvent): void {
  switch (event.type) {
    case 'user.send':
      return user.send(ctx, event);
    case 'user.invite':
      return user.invite(ctx, event);
    case 'user.accept':
      return user.accept(ctx, event);
    case 'user.decline':
      return user.decline(ctx, event);
    case 'user.cancel':
      return user.cancel(ctx, event);
    case 'user.hang-up':
      return user.hangUp(ctx, event);
    case 'user.cancel-invitees':
      return user.cancelInvitees(ctx, event);
    case 'user.join':
      return join(ctx, event);
    case 'user.resume':
      return resume(ctx, event);
    case 'user.leave':
      return user.leavePage(ctx);
    case 'user.hide-end':
      ctx.shownEnd = undefined;
      return;
    case 'user.hold':
      return hold(ctx, event);
    case 'user.unhold':
      return unhold(ctx, event);
    case 'user.swap':
      return swap(ctx, event);
    case 'user.merge':
      return merge(ctx, event);
    case 'user.transfer':
      return transfer(ctx, event);
    case 'config.call-waiting':
      ctx.callWaiting = event.on;
      return;
    case 'preferences.changed':
      ctx.doNotDisturb = event.doNotDisturb;
      ctx.blocked = new Set(event.blocked);
      return;
    case 'other-tab.busy':
      ctx.busyInOtherTab = event.callID;
      return;
    case 'transport.online':
      return onOnline(ctx);
    case 'transport.offline':
      ctx.online = ctx.synced = false;
      return;
    case 'transport.synced':
      return onSynced(ctx, event.inbox);
    case 'transport.message':
      return onMessage(ctx, event.message);
    case 'transport.acknowledged':
      return onAcknowledged(ctx, event);
    case 'transport.refused':
      return onRefused(ctx, event);
    case 'timer':
      return onTimer(ctx, event.timer);
    case 'link.progress':
    case 'link.up':
    case 'link.down':
    case 'link.failed': {
      const call = ctx.call(event.callID);
      if (call?.phase !== 'in' && call?.phase !== 'accepting') return;
      const end = onLink(ctx, call, event);
      if (end) return finish(ctx, call, end, 'leave');
      return review(ctx, call);
    }
    case 'link.signal': {
      const call = ctx.call(event.callID);
      const link = call && linkOf(call, event.user, event.device);
      if (!call || link?.number !== event.link) return;
      const own = call.members.get(ctx.me)?.record;
      const { device: toDevice, link: number, data } = event;
      ctx.send(
        call,
        [link.user],
        { type: 'signal', toDevice, link: number, data },
        own ? [own] : [],
      );
    }
  }
}

/**
 * Resolves pending requests. `send` is resolved when its invitation is acknowledged, or the call has ended before;
 * `join` when this device is in the call, or the call has ended for it.
 */
function answerRequests(ctx: TransitionContext): void {
  for (const id of ctx.changedCalls) {
    const call = ctx.calls.get(id);
    if (call?.joinRequest !== undefined && call.phase !== 'accepting') {
      if (call.phase === 'in') ctx.resolveRequest(call.joinRequest, true);
      // The user has hung up.
      else if (call.endReason === 'hung-up') ctx.resolveRequest(call.joinRequest, false);
      else ctx.rejectRequest(call.joinRequest, joinErrorCode(ctx, call));
      call.joinRequest = undefined;
    }
    if (call?.request === undefined) continue;
    if (call.phase === 'in' && call.unacknowledged.size) continue;
    const unreachable = call.callees
      .filter((callee) => call.members.get(callee)?.reachedDevices === 0)
      .map((userID) => ({ userID, userName: call.names.get(userID) ?? userID }));
    // A call that was refused, or cancelled before the acknowledgement, was not sent.
    if (call.phase === 'in') {
      const callees = call.callees.map((callee) => nameOf(call, callee));
      const { id, type, customData } = call;
      ctx.callback(call, 'onOutgoingCallSent', id, nameOf(call, ctx.me), type, callees, customData);
    }
    ctx.resolveRequest(call.request, { callID: call.id, unreachable });
    call.request = undefined;
  }
}

/** @returns the error code for a call that could not be joined */
function joinErrorCode(ctx: TransitionContext, { endReason }: Call): CallErrorCode {
  // Another device of the user is in the call.
  if (endReason === 'answered-elsewhere') return 'busy';
  return ctx.online ? 'call-over' : 'not-connected';
}

const SWEEP_INTERVAL_MS = 60_000;
const MAX_ENDED_CALLS = 200;

/** After a failed join, an invitation that arrived meanwhile rings. */
function endJoins(ctx: TransitionContext): void {
  for (const id of ctx.changedCalls) {
    const before = ctx.before.calls.get(id);
    const call = ctx.calls.get(id);
    if (before?.phase !== 'accepting' || !before.joining) continue;
    if (call?.phase === 'over' && call.endReason !== 'hung-up')
      receiveDeferredInvitations(ctx, call);
  }
}

/** Removes old calls and IDs of old messages. Ended group calls are kept longer, since the user can rejoin them. */
function sweep(ctx: TransitionContext): void {
  if (ctx.now - ctx.sweptAt < SWEEP_INTERVAL_MS) return;
  ctx.sweptAt = ctx.now;
  const old = ctx.now - durations.KEEP_HANDLED_MS;
  ctx.handled = forgetHandled(ctx.handled, old);
  // These are server times, which can't be compared with this device's clock.
  const newest = Math.max(...ctx.lastMessageAt.values());
  for (const [device, at] of ctx.lastMessageAt)
    if (at < newest - durations.KEEP_HANDLED_MS) ctx.lastMessageAt.delete(device);
  const over = [...ctx.calls.values()].filter(({ phase }) => phase === 'over' || phase === 'early');
  const spare = over.length - MAX_ENDED_CALLS;
  over.forEach((call, index) => {
    if (index < spare || (call.endedAt < old && !(call.phase === 'over' && call.group)))
      ctx.calls.delete(call.id);
  });
}
