import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import {
  MAX_ROUNDS_MISSED,
  coordinates,
  impliesPresence,
  isPresent,
  verdictOn,
} from './authority.js';
import { deviceKey, isBack, othersIn, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import * as durations from './durations.js';
import { isAsked } from './coordinator.js';
import { isOutdated } from './deferred-messages.js';
import { coordinatorOf } from './succession.js';
import { correctInviter, mergeRecord } from './call-records.js';
import { isPending } from './record-order.js';
import { MAX_QUESTIONS, denialOf, type Claim, type DeferredMessage } from './claim.js';
import { pauseOf, queryLeft, question } from './questions.js';
import type { Call } from './types.js';

/*
 * Claims: statements about a member by a sender without sole authority over them. "This device is in the call" counts
 * when both a member and the device itself have stated it; "this member has left" counts when the member's device does
 * not answer. Until then, the device or the coordinator is asked.
 */

/** Number of claims that are stored for one call, and for one user in it. */
const MAX_CLAIMS = 64;
const MAX_CLAIMS_OF_USER = 4;

/**
 * Processes the records of a message.
 * @param isDeferred whether the message was deferred when it was received
 * @returns whether some of the records may be proved by later messages
 */
export function learnRecords(
  ctx: TransitionContext,
  call: Call,
  deferred: Omit<DeferredMessage, 'isHandled'>,
  isDeferred: boolean,
): boolean {
  const { message } = deferred;
  let isOpen = false;
  const isIgnored = isDeferred && isOutdated(ctx, call, deferred);
  for (const record of inOrder(message)) {
    const isOwn = record.user === ctx.me;
    if (isIgnored && record.user !== message.from.userID && !isOwn) continue;
    // It may have arrived before this device asked to join.
    if (isIgnored && isOwn && call.joining && record.state === 'in') continue;
    switch (verdictOn(ctx, call, message, record, isDeferred)) {
      case 'admit':
        mergeRecord(ctx, call, record);
        if (message.from.deviceID === SERVER_DEVICE) correctInviter(call, record);
        break;
      case 'claim':
        noteClaim(ctx, call, message, record);
        break;
      case 'query-device':
        queryLeft(ctx, call, record.user, message.at);
        // The user's next invitation, or its end, may have arrived before their `leave`. A device that joins asks once it is in.
        isOpen ||=
          isPending(record) || endsDeferred(ctx, message, record) || call.phase === 'accepting';
        break;
      case 'later':
        askCoordinator(ctx, call, message, record);
        isOpen = true;
        break;
      case 'refuse':
        break;
    }
  }
  return isOpen;
}

/** Whether a record ends an invitation that its sender has stated in a deferred message. */
const endsDeferred = (ctx: TransitionContext, message: Delivered, record: MemberRecord): boolean =>
  hasStated(ctx, message, record, isPending);

/** Whether a deferred message of the same sender states a record of that user and round which satisfies a condition. */
const hasStated = (
  { before }: TransitionContext,
  { callID, from }: Delivered,
  { user, round }: MemberRecord,
  isMeant: (stated: MemberRecord, receivedAt: number) => boolean,
): boolean =>
  before.calls
    .get(callID)
    ?.deferred.some(
      ({ message, receivedAt }) =>
        message.from.userID === from.userID &&
        message.records.some(
          (stated) => stated.user === user && stated.round === round && isMeant(stated, receivedAt),
        ),
    ) === true;

/**
 * @returns the records in the order in which they must be processed. The sender's own record comes first, because being
 * in gives authority for the others; if the sender leaves it comes last, because the sender was in until then
 */
function inOrder({ records, from }: Delivered): MemberRecord[] {
  const isOwn = ({ user }: MemberRecord) => user === from.userID;
  const own = records.filter(isOwn);
  const others = records.filter((record) => !isOwn(record));
  return own.some(({ state }) => state === 'in') ? [...own, ...others] : [...others, ...own];
}

/** Confirms a claim by the device itself, so that the rest of its message counts as sent by a member who is in. */
export function notePresence(
  ctx: TransitionContext,
  call: Call,
  { message, receivedAt }: DeferredMessage,
): void {
  const { userID, deviceID } = message.from;
  const isRecent = ctx.now - receivedAt < durations.SYNC_ANSWER_WAIT_MS;
  if (isRecent && impliesPresence(call, message) && !isPresent(call, message.from))
    for (const { record } of [...call.claims.values()])
      if (record.user === userID && record.device === deviceID)
        noteClaim(ctx, call, message, record);
  for (const record of message.records) {
    const { user, state, device } = record;
    if (user !== userID || state !== 'in' || device !== deviceID) continue;
    if (call.claims.has(claimKey(record))) noteClaim(ctx, call, message, record);
  }
}

const claimKey = ({ user, device = '', round }: MemberRecord): string =>
  `${deviceKey(user, device)} ${round}`;

/** Records that a sender has stated that a device is in. */
export function noteClaim(
  ctx: TransitionContext,
  call: Call,
  { from }: Pick<Delivered, 'from'>,
  record: MemberRecord,
): void {
  const { user } = record;
  const key = claimKey(record);
  let claim = call.claims.get(key);
  if (!claim) {
    const ofUser = [...call.claims.values()].filter((other) => other.record.user === user);
    if (call.claims.size >= MAX_CLAIMS || ofUser.length >= MAX_CLAIMS_OF_USER) return;
    claim = {
      ...{ record, isConfirmed: false, isSupported: false, isSelected: false },
      ...{ isSelectedMeanwhile: false, isConfirmedToReturned: false, isOfCoordinator: false },
      questions: 0,
      coordinator: coordinatorOf(ctx, call, user),
    };
    call.claims.set(key, claim);
  }
  if (from.userID === user) {
    const isItself = from.deviceID === record.device;
    claim.isConfirmed ||= isItself;
    claim.isConfirmedToReturned ||= isItself && isBack(ctx, call);
    // The device that counted as in gives way to another device of its user.
    claim.isSupported ||= !isItself && isPresent(call, from);
  } else {
    claim.isSupported = true;
    const isSelected = coordinates(ctx, call, from, record, false);
    claim.isSelected ||= isSelected;
    const wasAway = call.joining !== undefined || isBack(ctx, call);
    claim.isSelectedMeanwhile ||= isSelected && wasAway;
    claim.isOfCoordinator ||= from.userID === coordinatorOf(ctx, call, ctx.me);
  }
  if (!settleClaim(ctx, call, key, claim)) ask(ctx, call, claim);
}

/**
 * Merges a claim if a member and the device itself agree. For a selection by the coordinator the device's accept is
 * enough.
 */
function settleClaim(ctx: TransitionContext, call: Call, key: string, claim: Claim): boolean {
  const { user, device = '' } = claim.record;
  const member = call.members.get(user);
  const hasAccepted = isAccepted(call, claim);
  if (claim.isConfirmed && !claim.isSupported && hasOwnStatement(ctx, call, claim)) {
    if (member && !member.answers.has(device))
      member.answers.set(device, claim.record.customData ?? '');
    call.claims.delete(key);
    return true;
  }
  if (!claim.isSupported || !(claim.isConfirmed || (claim.isSelected && hasAccepted))) return false;
  call.claims.delete(key);
  mergeRecord(ctx, call, claim.record);
  // Without media no link shows whether the device is connected.
  if (!claim.isConfirmed && !ctx.self.media) queryLeft(ctx, call, user, Infinity);
  return true;
}

/** Whether the device of a claim has accepted the invitation of that round. */
function isAccepted({ members }: Call, { record }: Claim): boolean {
  const member = members.get(record.user);
  return member?.record.round === record.round && member.answers.has(record.device ?? '');
}

/** Evaluates all claims again: this device, or another member, may have become the coordinator of an invitation. */
export function settleClaims(ctx: TransitionContext, call: Call): void {
  for (const [key, claim] of [...call.claims])
    if (!settleClaim(ctx, call, key, claim)) askNextCoordinator(ctx, call, claim);
}

/**
 * The coordinator of an accepted invitation has left. The next one may have stated its selection before this device knew that,
 * and the selected device may be lost, and then never confirms it.
 */
function askNextCoordinator(ctx: TransitionContext, call: Call, claim: Claim): void {
  const coordinator = coordinatorOf(ctx, call, claim.record.user);
  if (coordinator === claim.coordinator) return;
  claim.coordinator = coordinator;
  if (coordinator !== undefined && claim.isSupported && isAccepted(call, claim))
    questionAfterPause(ctx, call, coordinator);
}

/** Whether this device coordinates the open invitation: then a device's statement that it is in counts as an accept. */
const hasOwnStatement = (
  ctx: TransitionContext,
  call: Call,
  { record: { user, round } }: Claim,
): boolean => {
  const known = recordOf(call, user);
  return (
    call.phase === 'in' &&
    known?.round === round &&
    isPending(known) &&
    coordinatorOf(ctx, call, user) === ctx.me
  );
};

/** Evaluates the claims about a user again after a message of that user. */
export function settleClaimsOf(ctx: TransitionContext, call: Call, message: Delivered): void {
  const { userID } = message.from;
  for (const [key, claim] of [...call.claims]) {
    if (claim.record.user !== userID) continue;
    const isReport = message.type === 'sync' || message.type === 'state';
    if (isReport && message.from.deviceID === claim.record.device) claim.isAnswered = true;
    const denial = denialOf(message, claim);
    if (!denial) settleClaim(ctx, call, key, claim);
    else {
      call.claims.delete(key);
      // The device was in, as a member who is in has stated before, and has left.
      const { round, device } = claim.record;
      const isSame = denial.round === round && denial.device === device;
      if (denial.state === 'left' && isSame && claim.isSupported) mergeRecord(ctx, call, denial);
    }
  }
}

/** Asks again about all claims: when the call starts to ring, when this device enters it, and when a timer fires. */
export function askAboutClaims(ctx: TransitionContext, call: Call): void {
  for (const [key, claim] of [...call.claims]) {
    const known = recordOf(call, claim.record.user);
    if (known && known.round > claim.record.round) call.claims.delete(key);
    else if (!settleClaim(ctx, call, key, claim)) ask(ctx, call, claim);
  }
}

/**
 * Whether a device that is in according to the coordinator of this user's invitation is being asked, and may still confirm
 * it. Then the call is not known to be empty. Statements of other members do not prolong an invitation.
 */
export const awaitsConfirmation = (ctx: TransitionContext, call: Call): boolean =>
  [...call.claims.values()].some(({ record: { user, device }, isOfCoordinator, questions }) => {
    if (!isOfCoordinator || device === undefined || user === ctx.me) return false;
    // This device has invited the user, and was not away: it knows that it has not selected that device.
    if (recordOf(call, user)?.inviter === ctx.me && !isBack(ctx, call)) return false;
    const key = deviceKey(user, device);
    const askedAt = call.askedAt.get(key) ?? -Infinity;
    const isWaiting = questions < MAX_QUESTIONS || ctx.now - askedAt < durations.SYNC_PAUSE_MS;
    return isWaiting && !call.absent.has(key);
  });

/**
 * Whether the initiator, who is in according to members, and of whom this device has no record, has not confirmed that:
 * the devices that they have named are lost, or have not answered.
 */
export function hasLostInitiator({ claims, absent, initiator }: Call): boolean {
  const named = [...claims.values()].filter(
    ({ record, isSupported }) => isSupported && record.user === initiator,
  );
  return (
    named.length > 0 &&
    named.every(({ record: { device = '' } }) => absent.has(deviceKey(initiator, device)))
  );
}

/**
 * @returns the latest round of a user, which the next invitation must exceed. A user who left before this device came in
 * is not known here if nobody coordinates their invitation, as is the case for the initiator. Then the statements of
 * members count, also of those who have left since, for this purpose only. If they state that the user is in, and the
 * user's device is being asked, the invitation must not exceed that round: the record `in` then replaces it if the device
 * confirms that
 */
export function lastRound(ctx: TransitionContext, call: Call, user: string): number {
  const known = recordOf(call, user)?.round ?? 0;
  const claimed = [...call.claims.values()].filter(({ isSupported }) => isSupported);
  const deferred = call.deferred.filter(
    (each) =>
      each.wasPresent || (isPresent(call, each.message.from) && !isOutdated(ctx, call, each)),
  );
  const isFinal = (record: MemberRecord) =>
    !isPending(record) && !(record.state === 'in' && isAsked(call, user));
  const stated = [
    ...claimed.map(({ record }) => record),
    ...deferred.flatMap(({ message }) => message.records),
  ].filter((record) => record.user === user && isFinal(record));
  const rounds = stated.map(({ round }) => round);
  // Other members reject rounds that are too far ahead.
  return Math.max(known, ...rounds.filter((round) => round < known + MAX_ROUNDS_MISSED));
}

/** Asks the device of a claim; if that device has confirmed it already, those who have authority. */
function ask(ctx: TransitionContext, call: Call, claim: Claim): void {
  const { user, device } = claim.record;
  if (!claim.isConfirmed) question(ctx, call, user, device, claim);
  else for (const other of witnesses(ctx, call, user)) question(ctx, call, other, undefined, claim);
}

/** @returns the coordinator of the user's invitation; if that is this device, all other users who are in */
function witnesses(ctx: TransitionContext, call: Call, user: string): string[] {
  const coordinator = coordinatorOf(ctx, call, user);
  if (coordinator !== undefined && coordinator !== ctx.me) return [coordinator];
  return othersIn(call, ctx.me).filter((other) => other !== user);
}

/** Asks the users with authority over a record, until six seconds after its sender stated it first. */
function askCoordinator(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
  record: MemberRecord,
): void {
  if (isStatedForLong(ctx, message, record)) return;
  for (const other of witnesses(ctx, call, record.user)) questionAfterPause(ctx, call, other);
}

/** Asks a member now, or when the pause after the last question is over. */
function questionAfterPause(ctx: TransitionContext, call: Call, user: string): void {
  const device = recordOf(call, user)?.device;
  const wait = pauseOf(ctx, call, user, device);
  if (wait <= 0) question(ctx, call, user);
  // A false statement may have caused the last question: it must not prevent this one.
  else ctx.startTimer(call, { kind: 'ask', user, device }, wait);
}

/**
 * Whether the sender of a message has stated a record, or its like, more than six seconds ago, and nobody has proved it since.
 * Members would ask indefinitely about what nobody can prove any more, because each response states it again.
 */
const isStatedForLong = (
  ctx: TransitionContext,
  message: Delivered,
  record: MemberRecord,
): boolean =>
  hasStated(
    ctx,
    message,
    record,
    ({ state }, receivedAt) =>
      state === record.state && ctx.now - receivedAt >= durations.SYNC_ANSWER_WAIT_MS,
  );
