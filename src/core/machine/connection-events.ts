import type { Drained, Hello } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import * as durations from './durations.js';
import { nameOf, othersInOrInvited, recordOf, records } from './call.js';
import type { Draft } from './draft.js';
import { finish, onDrainedWhileSettling } from './ending.js';
import { concludeBusy } from './judge.js';
import { introduce } from './invitation-events.js';
import { unlearned } from './learning.js';
import { absorb } from './knowledge.js';
import { rebuildLink } from './links.js';
import { sync } from './standing.js';
import { isPending } from './records.js';
import { review } from './review.js';
import { ring } from './ringing.js';
import { sendInvite } from './user-events.js';
import type { Call, MachineEvent } from './types.js';

type EventOf<T extends MachineEvent['type']> = MachineEvent & { readonly type: T };

/**
 * A connection was made: says where this device stands, asks about every call that it holds, tells how calls ended
 * lately, and sends again each invite that nobody acknowledged.
 */
export function onOnline(d: Draft): void {
  d.online = true;
  d.drained = false;
  const lately = [...d.calls.values()].filter(
    (call) => call.phase === 'over' && d.now - call.overAt < durations.RETELL,
  );
  const current = d.call(d.current);
  d.act({ type: 'hello', hello: hello(d, current, lately) });
  for (const call of d.calls.values())
    if (call === current || UNDECIDED.test(call.phase)) sync(d, call);
  for (const call of lately) retell(d, call);
  if (current?.phase !== 'in') return;
  current.cameBack = true;
  for (const [messageID, invitees] of current.unacknowledged) {
    const open = invitees.filter((user) => {
      const record = recordOf(current, user);
      return record !== undefined && isPending(record);
    });
    if (open.length) sendInvite(d, current, open, messageID);
    else current.unacknowledged.delete(messageID);
  }
}

function hello(d: Draft, current: Call | undefined, lately: readonly Call[]): Hello {
  const round = current && recordOf(current, d.me)?.round;
  const over = lately.flatMap((call) => {
    const record = recordOf(call, d.me);
    return record && !isPending(record) ? [{ callID: call.id, record }] : [];
  });
  return {
    ...(d.self.replaces === undefined ? {} : { replaces: d.self.replaces }),
    ...(current && round !== undefined && current.phase !== 'incoming'
      ? { current: { callID: current.id, phase: current.phase, round } }
      : {}),
    over: over.slice(-200),
    missed: [...d.missed.keys()].slice(-200),
  };
}

/** Sends the final records of a call that ended lately: the words of its end may have been lost. */
function retell(d: Draft, call: Call): void {
  const own = recordOf(call, d.me);
  if (!own || isPending(own)) return;
  const final = records(call).filter((record) => !isPending(record));
  const { round } = own;
  const to = [...othersInOrInvited(call, d.me), d.me];
  d.say(call, to, { type: 'state', phase: 'over', round, answered: call.acted }, final);
}

/** Everything queued has been read: what is held may ring. */
export function onDrained(d: Draft, inbox: Drained): void {
  d.drained = true;
  d.drainedAt = d.now;
  for (const { callID, round, how } of inbox.settled) {
    const call = d.call(callID);
    if (!call || round < call.round) continue;
    if (!UNDECIDED.test(call.phase) && !d.missed.has(callID)) continue;
    if (how === 'answered') call.answered = { round, device: SERVER_DEVICE };
    else if (UNDECIDED.test(call.phase) && call.phase !== 'settling') {
      finish(d, call, 'canceled');
      continue;
    }
    review(d, call);
  }
  for (const missed of inbox.missed) takeMissed(d, missed);
  for (const id of [...d.calls.keys()]) {
    const phase = d.calls.get(id)?.phase;
    const call = phase === 'held' || phase === 'settling' ? d.call(id) : undefined;
    if (call?.phase === 'held') {
      ring(d, call);
      if (d.current === id) sync(d, call);
    } else if (call) onDrainedWhileSettling(d, call);
  }
  const current = d.call(d.current);
  if (current?.phase === 'in' || current?.phase === 'accepting')
    for (const link of current.links.values()) rebuildLink(d, current, link);
}

const UNDECIDED = /^(held|silent|incoming|settling)$/;

/** A call that ended unanswered while no device of this user could hear it. */
function takeMissed(d: Draft, missed: Drained['missed'][number]): void {
  const { invite, fresh, at, reason } = missed;
  const known = d.calls.get(invite.callID);
  if (d.missed.has(invite.callID) || (known && known.phase !== 'early')) return;
  const call = d.add(invite.callID, 'over');
  introduce(d, call, invite);
  absorb(call, { message: invite, isTaken: false, heardAt: d.now });
  call.initiator = invite.initiator;
  call.type = invite.callType;
  call.group ||= invite.group;
  call.caller = invite.from.userID;
  call.round = recordOf(call, d.me)?.round ?? 1;
  call.overAt = d.now;
  const caller = nameOf(call, call.caller);
  if (fresh) d.callback(call, 'onIncomingCallTimeout', call.id, caller);
  d.reportMissed({
    ...{ callID: call.id, caller, callType: call.type, group: call.group, reason, fresh },
    at: { server: at },
    callees: invite.to.map((user) => nameOf(call, user)),
    customData: invite.customData,
    round: call.round,
    resourceID: invite.resourceID,
  });
}

/** The server has taken a message in: for an invite it says how many devices of each invitee it went to. */
export function onAcknowledged(d: Draft, event: EventOf<'transport.acknowledged'>): void {
  const call = d.call(event.callID);
  if (call?.learning?.messageID === event.messageID) {
    if (event.reached.every(({ devices }) => devices === 0)) unlearned(d, call, 'call-over');
    return;
  }
  if (!call?.unacknowledged.delete(event.messageID)) return;
  for (const { user, devices } of event.reached) {
    const member = call.members.get(user);
    if (!member) continue;
    member.reached = devices;
    concludeBusy(d, call, user, false);
  }
  review(d, call);
}

/** The server refused an invite: `send` rejects, and nothing was placed. */
export function onRefused(d: Draft, event: EventOf<'transport.refused'>): void {
  const call = d.call(event.callID);
  if (call?.learning?.messageID === event.messageID) return unlearned(d, call, event.code);
  if (!call?.unacknowledged.delete(event.messageID) || call.phase !== 'in') return;
  if (call.request !== undefined) d.reject(call.request, event.code);
  call.request = undefined;
  if (!call.company) finish(d, call, 'unreachable', 'leave');
}
