import { onAcknowledged, onDrained, onOnline, onRefused } from './connection-events.js';
import { Draft } from './draft.js';
import * as durations from './durations.js';
import { tellFacts } from './facts.js';
import { linkOf } from './call.js';
import { forgetHandled } from './handled-messages.js';
import { onLink } from './links.js';
import { onMessage } from './message-events.js';
import { review } from './review.js';
import { settleTwins } from './ringing.js';
import { onTimer } from './timer-events.js';
import * as user from './user-events.js';
import type { Call, Effect, MachineEvent, MachineState, Self } from './types.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** A device that knows of no call and has no connection. */
export function initialState(self: Self): MachineState {
  return {
    self,
    online: false,
    drained: false,
    drainedAt: 0,
    calls: new Map(),
    current: undefined,
    elsewhere: undefined,
    quiet: false,
    shown: undefined,
    missed: new Map(),
    handled: new Map(),
    lastWord: new Map(),
    sweptAt: 0,
    serial: 0,
  };
}

/**
 * What an event changes, and what is to be done about it. Pure: time, IDs, network and media come and go as events
 * and effects. An event that does not fit changes nothing.
 */
export function transition(
  state: MachineState,
  event: MachineEvent,
): readonly [MachineState, readonly Effect[]] {
  const d = new Draft(state, event.now);
  handle(d, event);
  settleTwins(d);
  tellFacts(d);
  answerRequests(d);
  sweep(d);
  return d.finish();
}

function handle(d: Draft, event: MachineEvent): void {
  switch (event.type) {
    case 'user.send':
      return user.send(d, event);
    case 'user.invite':
      return user.invite(d, event);
    case 'user.accept':
      return user.accept(d, event);
    case 'user.decline':
      return user.decline(d, event);
    case 'user.cancel':
      return user.cancel(d, event);
    case 'user.hang-up':
      return user.hangUp(d, event);
    case 'user.cancel-invitee':
      return user.cancelInvitee(d, event);
    case 'user.join':
      return user.join(d, event);
    case 'user.resume':
      return user.resume(d, event);
    case 'user.leave':
      return user.leavePage(d);
    case 'user.quiet':
      d.reply(event.request, d.quiet !== event.on);
      d.quiet = event.on;
      return;
    case 'elsewhere':
      d.elsewhere = event.callID;
      return;
    case 'transport.online':
      return onOnline(d);
    case 'transport.offline':
      d.online = d.drained = false;
      return;
    case 'transport.drained':
      return onDrained(d, event.inbox);
    case 'transport.message':
      return onMessage(d, event.message);
    case 'transport.acknowledged':
      return onAcknowledged(d, event);
    case 'transport.refused':
      return onRefused(d, event);
    case 'timer':
      return onTimer(d, event.timer);
    case 'link.up':
    case 'link.down':
    case 'link.failed': {
      const call = d.call(event.callID);
      if (call?.phase !== 'in' && call?.phase !== 'accepting') return;
      onLink(d, call, event);
      return review(d, call);
    }
    case 'link.signal': {
      const call = d.call(event.callID);
      const link = call && linkOf(call, event.user, event.device);
      if (!call || link?.number !== event.link) return;
      const own = call.members.get(d.me)?.record;
      const { device: toDevice, link: number, data } = event;
      d.say(call, [link.user], { type: 'signal', toDevice, link: number, data }, own ? [own] : []);
    }
  }
}

/**
 * `send` is answered when its invitation is acknowledged, or when the call is over before; `join` when this device is
 * in the call, or will not be.
 */
function answerRequests(d: Draft): void {
  for (const id of d.touched) {
    const call = d.calls.get(id);
    if (call?.joinRequest !== undefined && call.phase !== 'accepting') {
      if (call.phase === 'in') d.reply(call.joinRequest, true);
      // Given up by the user.
      else if (call.reason === 'hung-up') d.reply(call.joinRequest, false);
      else d.reject(call.joinRequest, refusedJoin(d, call));
      call.joinRequest = undefined;
    }
    if (call?.request === undefined) continue;
    if (call.phase === 'in' && call.unacknowledged.size) continue;
    const unreachable = call.callees
      .filter((callee) => call.members.get(callee)?.reached === 0)
      .map((userID) => ({ userID, userName: call.names.get(userID) ?? userID }));
    d.reply(call.request, { callID: call.id, unreachable });
    call.request = undefined;
  }
}

/** Why a call could not be joined. */
function refusedJoin(d: Draft, { reason }: Call): CallErrorCode {
  // Another device of the user is in it.
  if (reason === 'answered-elsewhere') return 'busy';
  return d.online ? 'call-over' : 'not-connected';
}

const SWEEP_EVERY = 60_000;
const MAX_OVER = 200;

/** Forgets what is too old to be repeated. A group call that is over may be joined as long as it is remembered. */
function sweep(d: Draft): void {
  if (d.now - d.sweptAt < SWEEP_EVERY) return;
  d.sweptAt = d.now;
  const old = d.now - durations.MEMORY;
  d.handled = forgetHandled(d.handled, old);
  // By the server's time, which is not this device's.
  const newest = Math.max(...d.lastWord.values());
  for (const [device, at] of d.lastWord)
    if (at < newest - durations.MEMORY) d.lastWord.delete(device);
  const over = [...d.calls.values()].filter(({ phase }) => phase === 'over' || phase === 'early');
  const spare = over.length - MAX_OVER;
  over.forEach((call, index) => {
    if (index < spare || (call.overAt < old && !(call.phase === 'over' && call.group)))
      d.calls.delete(call.id);
  });
}
