import type { Delivered, ForeignInvite, Message, MessageOf } from '../protocol/messages.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import { oneOf } from '../protocol/one-of.js';
import { NEVER, forbidden, introduces, isClaimedIn, isInvitation, isPresent } from './authority.js';
import { onAnswer, onDecline, onOtherDeviceAnswer, onReturn } from './answer-events.js';
import { deviceKey, hasActedHere, linkOf, recordOf } from './call.js';
import { notePresence, learnRecords, settleClaimsOf } from './claims.js';
import { noteTransfer } from './transfer.js';
import type { TransitionContext } from './transition-context.js';
import { withHandledMessage } from './handled-messages.js';
import {
  addIntroducedMembers,
  answerByJoin,
  onInvite,
  release,
  settleInvitation,
} from './invitation-events.js';
import { mergeDetails } from './call-records.js';
import { ask, noteAgreedRole, noteInviter, onSignal, rebuildLink } from './links.js';
import { addEarlyCall, defer, isAhead, keepOrder } from './deferred-messages.js';
import { isPending } from './record-order.js';
import { review } from './review.js';
import { isSilentlyBusy, sendBusy } from './ringing.js';
import { showEnd } from './ending.js';
import { hasLeft, isJoinEnded, isRenewed, renew } from './renewal.js';
import { denyStaleEntry, denyUnknownCall, isThisDevice } from './stale-entry.js';
import { noteCallReport } from './call-report.js';
import { onBusy } from './other-devices.js';
import { onCallDescribed } from './call-discovery.js';
import { hasMissedDecision, respondWithState } from './state-response.js';
import {
  announceEntry,
  noteDeparture,
  noteRinging,
  noteSelection,
  noteSignOfLife,
  onLost,
  relayDecline,
} from './device-reports.js';
import type { DeferredMessage } from './claim.js';
import { enterAgain } from './join-events.js';
import type { Call, Member } from './types.js';

/** Handles a received message: merges its records, and processes what its type states in addition. */
export function onMessage(ctx: TransitionContext, message: Delivered | ForeignInvite): void {
  const handled = withHandledMessage(ctx.handled, message, ctx.now);
  if (!handled) return;
  ctx.handled = handled;
  if (message.type === 'foreign-invite') return answerForeign(ctx, message);
  if (message.type === 'seen') return onSeen(ctx, message);
  if (message.type === 'history') return onHistory(ctx, message);
  if (message.type === 'busy') return onBusy(ctx, message);
  if (message.type === 'preferences') return onPreferences(ctx, message);
  const call = callFor(ctx, message);
  if (!call) return;
  if (message.type === 'invite') answerByJoin(ctx, call, message);
  const { deferred } = call;
  call.deferred = [];
  const wasPresent = isPresent(call, message.from);
  const hadLeft = hasLeft(call, message);
  const arrived = { message, isHandled: false, receivedAt: ctx.now, wasPresent, hadLeft };
  const isDropped = !receive(ctx, call, arrived);
  // Messages that arrived before the invitation, or before others that they presuppose, are processed now: an
  // invitation that is already answered does not ring.
  receiveAllDeferred(ctx, call.id, isDropped ? [...deferred, arrived] : deferred);
  keepOrder(ctx, message);
  if (message.type === 'invite') release(ctx, call, message);
}

/** Processes deferred messages. An invitation among them rings only after all of them: it may be decided already. */
function receiveAllDeferred(
  ctx: TransitionContext,
  callID: string,
  deferred: readonly DeferredMessage[],
): void {
  let invitation: Delivered<MessageOf<'invite'>> | undefined;
  const isInvite = ({ message }: DeferredMessage) => message.type === 'invite';
  // Other messages that were deferred before may be about the same round.
  const others = deferred.filter((each) => !isInvite(each));
  for (const deferredMessage of [...deferred.filter(isInvite), ...others])
    invitation = receiveDeferred(ctx, callID, deferredMessage) ?? invitation;
  const call = invitation && ctx.call(callID);
  if (!call || !invitation) return;
  release(ctx, call, invitation);
  // If it does not ring after all, because it is decided or too late, the end of what the user has answered or joined is still
  // shown.
  const hasAnswered = ctx.before.calls.get(callID)?.phase === 'accepting';
  if (hasAnswered && call.endReason !== undefined && ctx.current === undefined) showEnd(ctx, call);
}

/**
 * Processes a deferred message. An invitation starts the next round once the previous one is known to be over.
 * @returns the invitation if it has started the next round
 */
function receiveDeferred(
  ctx: TransitionContext,
  callID: string,
  deferredMessage: DeferredMessage,
): Delivered<MessageOf<'invite'>> | undefined {
  const call = ctx.call(callID);
  if (!call) return undefined;
  const { message } = deferredMessage;
  const mine = message.records.find(({ user }) => user === ctx.me);
  if (message.type !== 'invite' || !mine || !isRenewed(ctx, call, message, mine, deferredMessage)) {
    receive(ctx, call, deferredMessage, true);
    return undefined;
  }
  // It does not ring any more: only whether it was missed is decided.
  if (isJoinEnded(ctx, call, mine)) {
    settleInvitation(ctx, call, message);
    return undefined;
  }
  const next = renew(ctx, call);
  const elapsed = ctx.now - deferredMessage.receivedAt;
  const remainingMs = Math.max(0, message.remainingMs - elapsed);
  const invitation = { ...message, remainingMs };
  receive(ctx, next, { ...deferredMessage, message: invitation, isHandled: false });
  return invitation;
}

/** An invitation that arrived during a join that has failed starts the next round. */
export function receiveDeferredInvitations(ctx: TransitionContext, call: Call): void {
  const { deferred } = call;
  if (!deferred.some(({ message }) => message.type === 'invite')) return;
  call.deferred = [];
  receiveAllDeferred(ctx, call.id, deferred);
}

/**
 * Processes one message about a call that this device knows.
 * @returns false if the message was dropped because the call is over: it may belong to the next round
 */
function receive(
  ctx: TransitionContext,
  call: Call,
  deferredMessage: DeferredMessage,
  again = false,
): boolean {
  const { message } = deferredMessage;
  notePresence(ctx, call, deferredMessage);
  const why = forbidden(ctx, call, message);
  const isEarly = isAhead(ctx, call, message);
  if (why !== undefined) {
    // Messages that have not arrived yet may prove that the sender is a member.
    if (!again) ctx.effect({ type: 'dropped', messageType: message.type, why });
    if (why === NEVER) return true;
    if (call.phase === 'over' && !isEarly) return false;
  }
  if (why !== undefined || isEarly) {
    defer(call, deferredMessage);
    return true;
  }
  const wasOver = call.phase === 'over' || call.phase === 'settling';
  const isBackAccepting = call.phase === 'accepting' && call.reconnected && !call.joining;
  const present = isPresent(call, message.from);
  const before = recordOf(call, message.from.userID);
  noteSignOfLife(ctx, call, message);
  noteDeparture(ctx, call, message);
  const isIntroduction = introduces(call, message);
  const isOpen = isIntroduction
    ? addIntroducedMembers(ctx, call, message)
    : learnRecords(ctx, call, deferredMessage, again);
  if (!again) noteInviter(call, message);
  mergeDetails(call, deferredMessage, present, again);
  noteCallReport(ctx, call, message, present);
  if (!deferredMessage.isHandled) handleMessage(ctx, call, message, wasOver);
  settleClaimsOf(ctx, call, message);
  // The deferred messages were sent before this device left.
  if (wasOver && !again && call.phase === 'over') denyStaleEntry(ctx, call, message);
  review(ctx, call);
  if (isBackAccepting) announceEntry(ctx, call, message);
  relayDecline(ctx, call, message, before);
  if (isOpen && call.phase !== 'over') {
    const isHandled = deferredMessage.isHandled || isIntroduction || message.type !== 'invite';
    defer(call, { ...deferredMessage, isHandled });
  }
  if (message.type === 'signal') receiveSignal(ctx, call, deferredMessage, message);
  return true;
}

function receiveSignal(
  ctx: TransitionContext,
  call: Call,
  deferredMessage: DeferredMessage,
  message: Delivered<MessageOf<'signal'>>,
): void {
  // Offers may arrive before the selection of this device or of the sender, who may also have joined again.
  const { userID, deviceID } = message.from;
  const sender = recordOf(call, userID);
  const isAwaited = (sender && isPending(sender)) || isClaimedIn(call, message.from);
  const early = call.phase === 'in' && isAwaited && !linkOf(call, userID, deviceID);
  if (call.phase === 'accepting' || early) defer(call, deferredMessage);
  else if (call.phase === 'in') onSignal(ctx, call, message);
}

/** @returns the call that a message is about, or a new one; undefined if the message needs no further processing */
function callFor(ctx: TransitionContext, message: Delivered): Call | undefined {
  const call = ctx.call(message.callID);
  const staleEntry = message.records.find((record) => isThisDevice(ctx, record));
  if (message.type === 'invite') {
    const mine = message.records.find((record) => record.user === ctx.me);
    if (!mine || !isInvitation(ctx, message)) return undefined;
    if (!call) return addEarlyCall(ctx, message);
    return isRenewed(ctx, call, message, mine) ? renew(ctx, call) : call;
  }
  if (call && call.phase !== 'early') return call;
  // A device that waits for the invitation has not been in this round.
  if (!call && staleEntry && namesMembers(message.type)) {
    denyUnknownCall(ctx, message);
  } else if (message.type !== 'signal') {
    defer(call ?? addEarlyCall(ctx, message), {
      ...{ message, isHandled: false, receivedAt: ctx.now, wasPresent: false, hadLeft: false },
    });
  }
  return undefined;
}

/** Types of messages whose sender counts this device as in the call if one of their records states that. */
const namesMembers = oneOf<Message['type']>('sync', 'state', 'select', 'signal', 'roster');

const isDevice = (member: Member | undefined, device: string): boolean =>
  member?.record.state === 'in' && member.record.device === device;

/** Answers an invite of another protocol version. */
function answerForeign(ctx: TransitionContext, message: ForeignInvite): void {
  if (ctx.calls.has(message.callID) || message.from.userID === ctx.me) return;
  ctx.effect({
    type: 'send',
    message: {
      ...{ v: PROTOCOL_VERSION, id: ctx.nextMessageID(), callID: message.callID },
      ...{ to: [message.from.userID], records: [], names: [], remaining: [] },
      ...{ type: 'decline', reason: 'unsupported', round: 1, customData: '' },
    },
  });
}

/** Another device of this user reports that missed calls were handled. */
function onSeen(ctx: TransitionContext, message: Delivered<MessageOf<'seen'>>): void {
  if (message.from.userID !== ctx.me) return;
  const { callIDs, dismissed } = message;
  ctx.effect({ type: 'seen', callIDs, dismissed });
}

/** Another device of this user, or the server, reports a change of the call history. */
function onHistory(ctx: TransitionContext, message: Delivered<MessageOf<'history'>>): void {
  if (message.from.userID !== ctx.me) return;
  const { entries, deleted, deletedUntil } = message;
  const change = { entries, deleted, ...(deletedUntil !== undefined && { deletedUntil }) };
  ctx.effect({ type: 'history', change });
}

/** A device of this user has changed which calls ring. */
function onPreferences(ctx: TransitionContext, message: Delivered<MessageOf<'preferences'>>): void {
  if (message.from.userID !== ctx.me) return;
  ctx.effect({ type: 'preferences', change: message });
}

function handleMessage(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
  wasOver: boolean,
): void {
  const { userID, deviceID } = message.from;
  const member = call.members.get(userID);
  noteRinging(member, message);
  switch (message.type) {
    case 'invite':
      return onInvite(ctx, call, message, wasOver);
    case 'accept':
      return onAnswer(ctx, call, message);
    case 'decline':
      return onDecline(ctx, call, message);
    case 'leave':
      if (message.lost !== undefined) onLost(ctx, call, message, message.lost);
      else if (message.gaveUp)
        call.absent.set(deviceKey(userID, deviceID), { type: 'lost', at: message.at });
      return;
    case 'end':
      call.ended = true;
      return;
    case 'sync':
      return onSync(ctx, call, message, wasOver);
    case 'state':
      if (call.learning) {
        const request = onCallDescribed(call, message);
        if (request !== undefined) enterAgain(ctx, call, request);
      } else if (userID === ctx.me) {
        if (message.phase === 'accepting' || message.answered) onOtherDeviceAnswer(call, message);
        // That device was disconnected when this one answered, and has reported the call as missed.
        else if (message.phase === 'over' && call.phase === 'over' && hasActedHere(call))
          respondWithState(ctx, call, message);
      } else if (message.phase === 'accepting' && call.phase !== 'over') {
        onAnswer(ctx, call, message);
      } else if (message.phase === 'over' && call.phase === 'in' && isDevice(member, deviceID)) {
        // This device considers the sender in, but the sender's call is over: the state makes it send `leave`.
        respondWithState(ctx, call, message);
      } else if (call.phase === 'in' && hasMissedDecision(ctx, call, message)) {
        respondWithState(ctx, call, message);
      }
      return;
    case 'select':
      if (message.user === ctx.me) return noteSelection(ctx, call, message);
      // A member who has just come in has not received earlier answers.
      if (isSilentlyBusy(call)) sendBusy(ctx, call);
      if (call.phase === 'accepting')
        ask(ctx, call, message.user, recordOf(call, message.user)?.device);
      return;
    case 'roster':
      if (call.phase === 'in') noteTransfer(ctx, call, message.from, message.transferTo);
      return;
    case 'signal':
      return noteAgreedRole(call, message);
    case 'ringing':
    case 'cancel':
    case 'seen':
    case 'history':
    case 'busy':
    case 'preferences':
      // Their records contain everything.
      return;
  }
}

function onSync(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'sync'>>,
  wasOver: boolean,
): void {
  // A device that is in, but not for all members, requests to be let in.
  const asksToBeIn = message.phase === 'in' && message.join === true;
  if (message.phase === 'accepting' || asksToBeIn) onAnswer(ctx, call, message);
  if (message.phase === 'in') onReturn(ctx, call, message);
  if (call.phase === 'early') return;
  // The sender may count this device as in, although the call is over here: the record must state that it has left.
  if (wasOver && call.phase === 'over') {
    const own = call.members.get(ctx.me);
    if (own && isThisDevice(ctx, own.record))
      own.record = { ...own.record, state: 'left', reason: call.endReason ?? 'connection-lost' };
  }
  if (message.from.userID !== ctx.me || call.phase === 'in' || hasActedHere(call))
    respondWithState(ctx, call, message);
  // The sender may have missed the busy answer, or lost it in a reload.
  if (isSilentlyBusy(call)) sendBusy(ctx, call);
  // A `sync` to all devices means that the sender has reconnected: signalling data that was sent to it before is lost.
  const { userID, deviceID } = message.from;
  if (message.toDevice === undefined) rebuildLink(ctx, call, linkOf(call, userID, deviceID));
}
