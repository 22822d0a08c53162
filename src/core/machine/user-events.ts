import type { CallUser } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { everybodyElse, isIn, others, othersIn, othersPending, recordOf } from './call.js';
import type { Draft } from './draft.js';
import { alone, finish } from './ending.js';
import { judgeOf, judges, refuse, watchInvitation } from './judge.js';
import { put } from './knowledge.js';
import { offersTo, openLink } from './links.js';
import { learn } from './learning.js';
import { isPending } from './records.js';
import { review } from './review.js';
import type { Call, MachineEvent } from './types.js';

type EventOf<T extends MachineEvent['type']> = MachineEvent & { readonly type: T };
/** Accept, decline or cancel was pressed. */
type Press = Extract<MachineEvent, { readonly customData: string; readonly invitees?: never }>;

/** Places a call. */
export function send(d: Draft, event: EventOf<'user.send'>): void {
  const { request, callID, invitees } = event;
  if (!d.self.canTakeCalls) return d.reject(request, 'unsupported');
  if (!isFree(d, event)) return;
  if (d.calls.has(callID)) return d.reject(request, 'invalid-argument');
  const call = d.add(callID, 'in');
  d.current = callID;
  call.type = event.callType;
  call.initiator = call.caller = d.me;
  call.endWithInitiator = event.endWithInitiator;
  call.group = invitees.length > 1;
  call.callees = invitees.map(({ userID }) => userID);
  call.customData = event.customData;
  call.resourceID = event.resourceID;
  call.acted = true;
  call.request = request;
  const { deviceID } = d.self;
  put(d, call, { user: d.me, round: 1, state: 'in', device: deviceID, inviter: d.me });
  inviteAll(d, call, invitees, event.timeoutMs);
  d.act({ type: 'open-media', callID, callType: call.type, cause: 'sent' });
}

/** Whether this device can enter a call now; if not, the request is answered. */
function isFree(d: Draft, { request, callID }: EventOf<'user.send' | 'user.join'>): boolean {
  if (d.isBusy(callID)) d.reject(request, 'busy');
  else if (!d.online) d.reject(request, 'not-connected');
  else return true;
  return false;
}

/** Opens a round for each invitee and sends them the invitation. */
function inviteAll(d: Draft, call: Call, invitees: readonly CallUser[], timeoutMs: number): void {
  const batch = ++d.serial;
  call.timeoutMs = timeoutMs;
  for (const { userID, userName } of invitees) {
    if (!call.names.has(userID)) call.names.set(userID, userName);
    const round = (recordOf(call, userID)?.round ?? 0) + 1;
    put(d, call, { user: userID, round, state: 'inviting', inviter: d.me });
    const member = call.members.get(userID);
    if (!member) continue;
    member.deadline = d.now + timeoutMs;
    member.batch = batch;
    watchInvitation(d, call, userID);
  }
  sendInvite(
    d,
    call,
    invitees.map(({ userID }) => userID),
  );
}

/** Sends an invitation, or sends it again under the same ID with the time that is left. */
export function sendInvite(d: Draft, call: Call, to: readonly string[], messageID?: string): void {
  const deadline = call.members.get(to[0] ?? '')?.deadline ?? d.now;
  const { type: callType, initiator, endWithInitiator, group, customData } = call;
  const { timeoutMs, resourceID } = call;
  const body = {
    type: 'invite',
    ...{ callType, initiator, endWithInitiator, group, customData, timeoutMs },
    remainingMs: Math.max(0, deadline - d.now),
    ...(resourceID === undefined ? {} : { resourceID }),
  } as const;
  call.unacknowledged.set(d.sayAll(call, to, body, messageID), [...to]);
}

/** Invites more people into the running call. */
export function invite(d: Draft, event: EventOf<'user.invite'>): void {
  const call = d.call(d.current);
  // Before anybody has answered there is no running call; after that, it runs on while somebody rings.
  if (call?.phase !== 'in' || (alone(d, call) && !call.company))
    return d.reject(event.request, 'call-over');
  if (!d.online) return d.reject(event.request, 'not-connected');
  const invitees = event.invitees.filter(({ userID }) => {
    const record = recordOf(call, userID);
    // A member whose device has vanished is not in the call, although its record says `in`.
    return userID !== d.me && !(record && isPending(record)) && !isIn(call, userID);
  });
  if (!invitees.length) return d.reply(event.request, false);
  call.group = true;
  const members = others(call, d.me);
  inviteAll(d, call, invitees, event.timeoutMs);
  const added = invitees.flatMap(({ userID }) => recordOf(call, userID) ?? []);
  d.say(call, members, { type: 'roster' }, added);
  d.reply(event.request, true);
}

export function cancelInvitee(d: Draft, event: EventOf<'user.cancel-invitee'>): void {
  const call = d.call(d.current);
  if (!call || !judges(d, call, event.userID)) return d.reply(event.request, false);
  if (alone(d, call) && othersPending(call, d.me).length === 1) {
    cancelOut(d, call, '');
  } else {
    refuse(d, call, event.userID, 'canceled');
    review(d, call);
  }
  d.reply(event.request, true);
}

export function accept(d: Draft, event: Press): void {
  const call = d.call(d.current);
  if (call?.phase !== 'incoming') return d.reply(event.request, false);
  d.callback(call, 'onIncomingCallAcceptButtonPressed');
  acceptCall(d, call, event.customData);
  d.reply(event.request, true);
}

/**
 * Says accept to the members and to this user's other devices; opens the media; and where this device offers to the
 * judge, sends the offer right behind, so that media needs one round trip.
 */
export function acceptCall(d: Draft, call: Call, customData = ''): void {
  call.phase = 'accepting';
  call.acted = true;
  call.acceptData = customData;
  const own = recordOf(call, d.me);
  if (!own) return;
  const { round, inviter } = own;
  const ringing: MemberRecord = { user: d.me, round, inviter, state: 'ringing' };
  const to = [...others(call, d.me), d.me];
  d.say(call, to, { type: 'accept', round, customData }, [ringing]);
  // A device that was in the call before has its media open.
  if (!call.company) openMedia(d, call);
  const judge = judgeOf(d, call, d.me);
  const device = recordOf(call, judge ?? '')?.device;
  if (judge !== undefined && device !== undefined && offersTo(d, call, judge))
    openLink(d, call, judge, device);
  d.startTimer(call, { kind: 'select', round }, durations.SELECT_WAIT);
  review(d, call);
}

/** Of a glare's survivor, the media are those of the own call: nobody's camera is started by the other's choice. */
function openMedia(d: Draft, call: Call): void {
  const callType = call.glareType ?? call.type;
  d.act({ type: 'open-media', callID: call.id, callType, cause: 'accepted' });
}

export function decline(d: Draft, event: Press): void {
  const call = d.call(d.current);
  if (call?.phase !== 'incoming') return d.reply(event.request, false);
  declineCall(d, call, event.customData);
  d.reply(event.request, true);
}

/** Declines what rings; hanging up while connecting is a decline on the wire, and presses no button again. */
function declineCall(d: Draft, call: Call, customData: string): void {
  const member = call.members.get(d.me);
  if (!member) return;
  const connecting = call.phase === 'accepting';
  if (call.replaces !== undefined) return leaveReplaced(d, call, member.record);
  if (!connecting) d.callback(call, 'onIncomingCallDeclineButtonPressed');
  call.acted = true;
  const { round, inviter } = member.record;
  const to = [...others(call, d.me), d.me];
  const declined: MemberRecord = { user: d.me, round, inviter, state: 'declined' };
  if (customData) declined.customData = customData;
  member.record = declined;
  d.say(call, to, { type: 'decline', reason: 'declined', round, customData }, [declined]);
  call.joining = undefined;
  finish(d, call, connecting ? 'hung-up' : 'declined');
}

/** Hung up before the others knew of the reload: the device that they know has left. */
function leaveReplaced(d: Draft, call: Call, own: MemberRecord): void {
  const left: MemberRecord = { ...own, state: 'left', reason: 'hung-up' };
  d.say(call, everybodyElse(call, d.me), { type: 'leave', reason: 'hung-up' }, [left]);
  finish(d, call, 'hung-up');
}

export function cancel(d: Draft, event: Press): void {
  const call = d.call(d.current);
  if (call?.phase !== 'in' || call.company) return d.reply(event.request, false);
  cancelOut(d, call, event.customData);
  d.reply(event.request, true);
}

/** Nobody has answered: the whole call is taken back. */
function cancelOut(d: Draft, call: Call, customData: string): void {
  d.callback(call, 'onOutgoingCallCancelButtonPressed');
  leave(d, call, customData);
}

export function hangUp(d: Draft, event: EventOf<'user.hang-up'>): void {
  const call = d.call(d.current);
  if (!call) return d.reply(event.request, false);
  if (call.phase === 'in') {
    if (call.company) leave(d, call, '');
    else cancelOut(d, call, '');
  } else declineCall(d, call, '');
  d.reply(event.request, true);
}

/** The page gives its user up. What only rings here goes on ringing on other devices. */
export function leavePage(d: Draft): void {
  const call = d.call(d.current);
  if (call?.phase === 'in') return leave(d, call, '');
  const own = call && recordOf(call, d.me);
  if (call?.phase !== 'accepting' || !own) return;
  const { round, inviter } = own;
  const { deviceID: device } = d.self;
  // The judge may have selected this device already, and nobody will be here to deny it.
  const left: MemberRecord = {
    ...{ user: d.me, round: call.joining ?? round, inviter, device },
    ...{ state: 'left', reason: 'hung-up' },
  };
  declineCall(d, call, '');
  d.say(call, everybodyElse(call, d.me), { type: 'leave', reason: 'hung-up' }, [left]);
}

/** Leaves a call that this device is in. The last one who is in cancels all that ring. */
function leave(d: Draft, call: Call, customData: string): void {
  const reason = call.company ? 'hung-up' : 'canceled';
  if (call.endWithInitiator && call.initiator === d.me) return finish(d, call, reason, 'end');
  if (!othersIn(call, d.me).length)
    for (const user of othersPending(call, d.me)) refuse(d, call, user, 'canceled', customData);
  finish(d, call, reason, 'leave');
}

/** Comes (back) into a running call. The judge opens the round, and the request is answered when that is decided. */
export function join(d: Draft, event: EventOf<'user.join'>): void {
  const { request, callID } = event;
  if (!isFree(d, event)) return;
  const call = d.call(callID);
  if (!call || call.phase === 'early') return learn(d, request, callID);
  if (call.learning) return d.reject(request, 'busy');
  enterAgain(d, call, request);
}

/** Asks to be let in, in a call that this device knows and is not in. */
export function enterAgain(d: Draft, call: Call, request: number): void {
  const own = recordOf(call, d.me);
  if (!own || call.phase !== 'over' || !call.group) return d.reject(request, 'call-over');
  call.phase = 'accepting';
  call.joining = call.askedRound = own.round + 1;
  call.joinRefused = call.heard = call.rang = false;
  call.acted = true;
  call.acceptData = '';
  call.reason = call.answered = undefined;
  call.gone.clear();
  d.current = call.id;
  const to = [...everybodyElse(call, d.me), d.me];
  d.say(call, to, { type: 'accept', round: call.joining, join: true, customData: '' });
  openMedia(d, call);
  d.startTimer(call, { kind: 'join', round: call.joining }, durations.JOIN_WAIT);
  call.joinRequest = request;
}

/**
 * Comes back into the call that this page was in before it was reloaded: a join, of which the others are told whose
 * place it takes. They hear of it by the `sync` of the first connection.
 */
export function resume(d: Draft, { saved }: EventOf<'user.resume'>): void {
  const { id: callID, records, names, microphone, camera, ...plain } = saved;
  const own = records.find(({ user }) => user === d.me);
  if (own?.state !== 'in') return;
  const call = d.add(callID, 'accepting');
  const joining = own.round + 1;
  Object.assign(call, plain, { replaces: own.device, joining, names: new Map(names) });
  call.askedRound = joining;
  call.acted = call.company = true;
  for (const record of records) put(d, call, record);
  d.current = callID;
  const cause = 'accepted';
  d.act({ type: 'open-media', callID, callType: call.type, cause, microphone, camera });
  d.startTimer(call, { kind: 'join', round: joining }, durations.JOIN_WAIT);
}
