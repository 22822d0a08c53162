import type { Delivered, ForeignInvite, MemberRecord, MessageOf } from '../protocol/messages.js';
import { PROTOCOL_VERSION, SERVER_DEVICE } from '../protocol/limits.js';
import { NEVER, admissible, forbidden } from './authority.js';
import { isIn, newCall, recordOf } from './call.js';
import type { Draft } from './draft.js';
import * as durations from './durations.js';
import { hears } from './facts.js';
import { onInvite, release } from './invitation-events.js';
import { concludeBusy, judgeOf, select } from './judge.js';
import { absorb, put } from './knowledge.js';
import { ask, onSignal, rebuildLink } from './links.js';
import { isPending } from './records.js';
import { review, sayGhostLeft } from './review.js';
import { sayBusy } from './ringing.js';
import { learned } from './learning.js';
import { reply } from './standing.js';
import { enterAgain } from './user-events.js';
import type { Call, Member } from './types.js';

/** Most calls that are kept because something was heard of them before their invitation. */
const MAX_EARLY_CALLS = 50;
/** Most messages that are kept of each of them. */
const MAX_EARLY_MESSAGES = 64;

/** What came from the wire: its records are merged, and what its type says beside them is taken down. */
export function onMessage(d: Draft, message: Delivered | ForeignInvite): void {
  if (d.seen.has(message.id)) return;
  d.seen.set(message.id, d.now);
  if (message.type === 'foreign-invite') return answerForeign(d, message);
  if (message.type === 'seen') return onSeen(d, message);
  const call = callFor(d, message);
  if (!call) return;
  const { early } = call;
  call.early = [];
  hear(d, call, message);
  // What overtook its invitation is heard now: one that is already answered never rings. So is what overtook others.
  for (const kept of early) hear(d, call, kept, true);
  if (message.type === 'invite') release(d, call, message);
}

/** One message about a call that this device knows. */
function hear(d: Draft, call: Call, message: Delivered, again = false): void {
  const why = forbidden(d, call, message);
  if (why !== undefined) {
    // Its sender may be a member already, by words that are still on their way.
    if (!again) d.act({ type: 'dropped', messageType: message.type, why });
    return call.phase === 'over' || why === NEVER ? undefined : keep(call, message);
  }
  // So may the word that its round was opened.
  if (message.from.userID !== d.me && isAhead(call, message)) return keep(call, message);
  const wasOver = call.phase === 'over' || call.phase === 'settling';
  noteWord(d, call, message);
  for (const record of admissible(d, call, message)) put(d, call, record);
  absorb(call, message, d.now);
  noteStanding(d, call, message);
  take(d, call, message, wasOver);
  if (wasOver && call.phase === 'over') denyGhost(d, call, message);
  review(d, call);
  if (message.type !== 'signal') return;
  // Offers may overtake the selection: this device's, or that of the one who offers.
  const { userID, deviceID } = message.from;
  const sender = recordOf(call, userID);
  const early = call.phase === 'accepting' || (call.phase === 'in' && sender && isPending(sender));
  if (early && !call.links.has(deviceID)) keep(call, message);
  else if (call.phase === 'in') onSignal(d, call, message);
}

/** An answer to an invitation that is not heard of yet: another member's, and not a join, which opens its round. */
const isAhead = (call: Call, message: Delivered): boolean =>
  (message.type === 'decline' || (message.type === 'accept' && !message.join)) &&
  call.phase !== 'over' &&
  message.round > (recordOf(call, message.from.userID)?.round ?? 0);

/** Keeps a message until what it presupposes is heard. */
function keep({ early }: Call, message: Delivered): void {
  if (early.length < MAX_EARLY_MESSAGES) early.push(message);
}

/** The call that a message is about; a new one for what may become a call. */
function callFor(d: Draft, message: Delivered): Call | undefined {
  const call = d.call(message.callID);
  const ghost = message.records.find((record) => isThisDevice(d, record));
  if (message.type === 'invite') {
    const mine = message.records.find((record) => record.user === d.me);
    if (!mine) return undefined;
    if (!call) return addEarly(d, message);
    return RENEWABLE.test(call.phase) && mine.round > call.round ? renew(d, call) : call;
  }
  if (call && call.phase !== 'early') return call;
  if (ghost && VOUCHES.test(message.type)) {
    const unknown = newCall(message.callID, 'over');
    for (const record of message.records) put(d, unknown, record);
    put(d, unknown, { ...ghost, user: message.from.userID, state: 'inviting' });
    sayGhostLeft(d, unknown, ghost);
  } else if (message.type !== 'signal') {
    keep(call ?? addEarly(d, message), message);
  }
  return undefined;
}

/** An invitation of a later round replaces what is left of an earlier one. */
const RENEWABLE = /^(over|settling|silent|held)$/;

/** Messages whose sender believes what its records say of this device. */
const VOUCHES = /^(sync|state|select|signal|roster)$/;

const isDevice = (member: Member | undefined, device: string): boolean =>
  member?.record.state === 'in' && member.record.device === device;

const isThisDevice = (d: Draft, record: MemberRecord): boolean =>
  record.user === d.me && record.state === 'in' && record.device === d.self.deviceID;

/** Keeps what came for an unknown call: it is merged into the invitation when that comes. */
function addEarly(d: Draft, message: Delivered): Call {
  const early = [...d.calls.values()].filter((call) => call.phase === 'early');
  if (early.length >= MAX_EARLY_CALLS && early[0]) d.calls.delete(early[0].id);
  const call = d.add(message.callID, 'early');
  call.overAt = d.now;
  return call;
}

/** Invited again to a call that is over here, or followed silently: the next round. */
function renew(d: Draft, call: Call): Call {
  d.act({ type: 'stop-timers', callID: call.id });
  if (d.shown === call.id) d.shown = undefined;
  const next = d.add(call.id, 'early');
  next.members = call.members;
  next.names = call.names;
  next.answered = call.answered;
  next.early = call.early;
  next.overAt = d.now;
  return next;
}

/** An invite of another protocol version. */
function answerForeign(d: Draft, message: ForeignInvite): void {
  if (d.calls.has(message.callID) || message.from.userID === d.me) return;
  d.act({
    type: 'send',
    message: {
      ...{ v: PROTOCOL_VERSION, id: d.nextMessageID(), callID: message.callID },
      ...{ to: [message.from.userID], records: [], names: [], remaining: [] },
      ...{ type: 'decline', reason: 'unsupported', round: 1, customData: '' },
    },
  });
}

/** Another device of this user handled missed calls. */
function onSeen(d: Draft, message: Delivered<MessageOf<'seen'>>): void {
  if (message.from.userID !== d.me) return;
  const { callIDs, dismissed } = message;
  d.act({ type: 'seen', callIDs, dismissed });
}

/** Any word of a device lifts the mark that it has vanished, unless the mark is newer. */
function noteWord(d: Draft, call: Call, message: Delivered): void {
  const { deviceID } = message.from;
  if (deviceID === SERVER_DEVICE) return;
  d.lastWord.set(deviceID, Math.max(d.lastWord.get(deviceID) ?? 0, message.at));
  const gone = call.gone.get(deviceID);
  if (gone !== undefined && gone <= message.at) call.gone.delete(deviceID);
}

/** What a `sync` or `state` says beside its records. */
function noteStanding(d: Draft, call: Call, message: Delivered): void {
  if (message.type !== 'sync' && message.type !== 'state') return;
  const { userID, deviceID } = message.from;
  const link = call.links.get(deviceID);
  if (link) link.probing = false;
  if (userID === d.me) return;
  call.heard = true;
  // Who does not judge may still take the page that was reloaded for this user's.
  // What was said to one who did not know the call says nothing about the join that followed.
  if (call.joining === undefined || message.type !== 'state' || message.about) return;
  if (message.phase === 'in')
    call.joinRefused = message.records.some(
      ({ user, state, device }) =>
        user === d.me && state === 'in' && device !== d.self.deviceID && device !== call.replaces,
    );
}

function take(d: Draft, call: Call, message: Delivered, wasOver: boolean): void {
  const { userID, deviceID } = message.from;
  const member = call.members.get(userID);
  switch (message.type) {
    case 'invite':
      return onInvite(d, call, message, wasOver);
    case 'accept':
      return onAnswer(d, call, message);
    case 'decline':
      return onDecline(d, call, message);
    case 'leave':
      if (message.lost !== undefined) onLost(d, call, message.lost, message.at);
      else if (message.gaveUp) call.gone.set(deviceID, message.at);
      return;
    case 'end':
      call.ended = true;
      return;
    case 'sync':
      return onSync(d, call, message, wasOver);
    case 'state':
      if (call.learning) {
        const request = learned(call, message);
        if (request !== undefined) enterAgain(d, call, request);
      } else if (userID === d.me) {
        if (message.phase === 'accepting' || message.answered) onSibling(call, message);
      } else if (message.phase === 'accepting' && call.phase !== 'over') {
        onAnswer(d, call, message);
      } else if (message.phase === 'over' && call.phase === 'in' && isDevice(member, deviceID)) {
        // Selected here, over there: told so, it answers that it has left.
        reply(d, call, message);
      }
      return;
    case 'select':
      // One who has just come has heard nobody's answer.
      if (message.user === d.me) return;
      if (isSilentlyBusy(call)) sayBusy(d, call);
      if (call.phase === 'accepting')
        ask(d, call, message.user, recordOf(call, message.user)?.device);
      return;
    case 'ringing':
    case 'cancel':
    case 'roster':
    case 'signal':
    case 'seen':
      // Their records have said it all.
      return;
  }
}

/** This device has said busy, and follows the invitation to its end. */
const isSilentlyBusy = (call: Call): boolean => call.phase === 'silent' && !!call.stopped;

function onSync(
  d: Draft,
  call: Call,
  message: Delivered<MessageOf<'sync'>>,
  wasOver: boolean,
): void {
  if (message.phase === 'accepting') onAnswer(d, call, message);
  if (call.phase === 'early') return;
  // One who takes this device for being in a call that is over here must read that it left.
  if (wasOver && call.phase === 'over') {
    const own = call.members.get(d.me);
    if (own && isThisDevice(d, own.record))
      own.record = { ...own.record, state: 'left', reason: call.reason ?? 'connection-lost' };
  }
  if (message.from.userID !== d.me || call.phase === 'in' || call.acted) reply(d, call, message);
  // Who asks may have missed the answer, or lost it in a reload.
  if (isSilentlyBusy(call)) sayBusy(d, call);
  // To everybody: it has just come back, and what was signalled to it before is lost.
  if (message.toDevice === undefined) rebuildLink(d, call, message.from.deviceID);
}

/** Named `in` with this device in a call that is over here: it left. */
function denyGhost(d: Draft, call: Call, message: Delivered): void {
  if (message.type === 'sync' || message.type === 'invite') return;
  const own = recordOf(call, d.me);
  if (own && isThisDevice(d, own) && message.records.some((record) => isThisDevice(d, record)))
    sayGhostLeft(d, call, own);
}

function onLost(d: Draft, call: Call, device: string, at: number): void {
  if ((d.lastWord.get(device) ?? 0) <= at) call.gone.set(device, at);
}

/** An accept, or a `sync` or `state` that counts as one. */
type Answer = Delivered<MessageOf<'accept' | 'sync' | 'state'>>;

/** Another device of this user answered. Of a round that a join hopes for, only the selection says so. */
function onSibling(call: Call, message: Answer): void {
  if (message.join) return;
  const round = message.round ?? 1;
  if (!call.answered || round > call.answered.round)
    call.answered = { round, device: message.from.deviceID };
}

function onAnswer(d: Draft, call: Call, message: Answer): void {
  const { userID, deviceID } = message.from;
  if (userID === d.me) return onSibling(call, message);
  if (call.phase === 'over' || call.phase === 'settling') {
    if (call.acted && message.type !== 'sync') reply(d, call, message);
    return;
  }
  const member = call.members.get(userID);
  if (!member) return;
  const round = message.round ?? member.record.round;
  if (message.join && !isPending(member.record)) return onJoin(d, call, message, round);
  if (round < member.record.round || !isPending(member.record)) {
    if (call.phase === 'in' && message.type !== 'sync') reply(d, call, message);
    return;
  }
  if (!member.answers.has(deviceID)) member.answers.set(deviceID, message.customData ?? '');
}

/** The judge opens the round of one who comes (back) in; while another device of that user is in, it says so. */
function onJoin(d: Draft, call: Call, message: Answer, hoped: number): void {
  const { userID, deviceID } = message.from;
  const record = recordOf(call, userID);
  if (call.phase !== 'in' || !record) return;
  // One who was reloaded takes its own place.
  const replaces = message.type === 'accept' ? undefined : message.replaces;
  const present = isIn(call, userID) && (replaces === undefined || replaces !== record.device);
  const settled = present && (record.device !== deviceID || hoped <= record.round);
  if (settled || judgeOf(d, call, userID) !== d.me) {
    if (present && message.type !== 'sync') reply(d, call, message);
    return;
  }
  const round = Math.max(record.round + 1, hoped);
  select(d, call, { user: userID, round, state: 'in', device: deviceID, inviter: d.me });
}

function onDecline(d: Draft, call: Call, message: Delivered<MessageOf<'decline'>>): void {
  const { userID, deviceID } = message.from;
  const member = call.members.get(userID);
  if (!member || message.round !== member.record.round || userID === d.me) return;
  if (message.reason === 'declined') {
    member.answers.clear();
    return;
  }
  if (member.refusals.includes(deviceID)) return;
  member.refusals.push(deviceID);
  member.busy ||= message.reason === 'busy';
  if (!hears(call) || !isPending(member.record)) return;
  const { round } = member.record;
  d.startTimer(call, { kind: 'busy', user: userID, round }, durations.BUSY_WAIT);
  concludeBusy(d, call, userID, false);
}
