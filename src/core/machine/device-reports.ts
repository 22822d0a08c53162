import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { isPresent, letsIn } from './authority.js';
import { deviceKey, others, othersIn, recordOf, records } from './call.js';
import { mergeRecord } from './call-records.js';
import { callReport } from './call-report.js';
import * as durations from './durations.js';
import { ask } from './links.js';
import { isPending, wasIn } from './record-order.js';
import { coordinatorOf } from './succession.js';
import type { TransitionContext } from './transition-context.js';
import type { Call, Member } from './types.js';

/*
 * What a message proves about the device that has sent it, besides the records in it.
 */

/** Number of ringing devices of one user that are told apart. */
const MAX_RINGING = 32;

/** Number of devices of one call of which it is remembered that they have given way. */
const MAX_GAVE_WAY = 64;

/** Any message of a device proves that it is not lost, unless it was reported as lost later. */
export function noteSignOfLife(ctx: TransitionContext, call: Call, message: Delivered): void {
  const { userID, deviceID } = message.from;
  if (deviceID === SERVER_DEVICE) return;
  const key = deviceKey(userID, deviceID);
  ctx.noteLastMessage(key, message.at);
  const absence = call.absent.get(key);
  const isOlder = !!absence && 'at' in absence && message.at < absence.at;
  if (!isOlder) call.absent.delete(key);
  call.leaveQueries.delete(key);
  call.unheard.delete(key);
}

/**
 * A device that counts as in, and reports another phase in a later round of its user, is no longer in by the earlier
 * one. Its `leave` was not sent to this device, for example because this device was not in the call then. If it states
 * that another device of its user is in, two coordinators have selected one of the devices each, and it has given way.
 * If its call is over, and it knows only its invitation, or how that has ended, it counts as out until its next message.
 */
export function noteDeparture(ctx: TransitionContext, call: Call, message: Delivered): void {
  const { userID, deviceID } = message.from;
  const known = recordOf(call, userID);
  const own = message.records.find(({ user }) => user === userID);
  if (userID === ctx.me || !known || !own || !reportsOut(message)) return;
  const givesWay = own.state === 'in' && own.device !== deviceID;
  if (givesWay && call.gaveWay.size < MAX_GAVE_WAY) call.gaveWay.add(roundKey(own, deviceID));
  if (!isPresent(call, message.from)) return;
  // It has stopped to wait for its selection, which it has not received, or its user has hung up before. Or it states that
  // another device is in: that is a claim, which the other device confirms.
  const isOut = givesWay || (!wasIn(own) && isOver(message));
  const type = own.state === 'declined' ? 'hung-up' : 'lost';
  if (isOut && own.round === known.round)
    call.absent.set(deviceKey(userID, deviceID), { type, at: message.at });
  // Each of the two devices may have given way to the other one.
  const hasLeft = givesWay
    ? own.round === known.round && call.gaveWay.has(roundKey(own, own.device))
    : own.state !== 'in' && own.round > known.round;
  if (hasLeft) mergeRecord(ctx, call, { ...known, state: 'left' });
}

const roundKey = ({ user, round }: MemberRecord, device = ''): string =>
  `${deviceKey(user, device)} ${round}`;

/** Whether a message states that the device that has sent it is not in the call. */
const reportsOut = (message: Delivered): boolean =>
  message.type === 'leave'
    ? message.gaveUp === true
    : (message.type === 'sync' || message.type === 'state') && message.phase !== 'in';

const isOver = (message: Delivered): boolean =>
  (message.type === 'sync' || message.type === 'state') &&
  (message.phase === 'over' || message.phase === 'settling');

/**
 * A device of an invited user states that it rings: by `ringing`, or in a report to a device that has not received that.
 * @param member the invited user
 */
export function noteRinging(member: Member | undefined, message: Delivered): void {
  const isReport = message.type === 'sync' || message.type === 'state';
  const rings = message.type === 'ringing' || (isReport && message.phase === 'incoming');
  if (!member || !rings || message.round !== member.record.round) return;
  const { ringingDevices } = member;
  const { deviceID } = message.from;
  // A user has few devices; a member who states many can only prevent that this user counts as busy.
  if (ringingDevices.length < MAX_RINGING && !ringingDevices.includes(deviceID))
    ringingDevices.push(deviceID);
}

/**
 * A device that joins may know members from before who have left since. Those whom the selection that lets it in does not state
 * as in are asked whether they have left when it enters the call, and are linked only after their next message.
 */
export function noteSelection(ctx: TransitionContext, call: Call, message: Delivered): void {
  if (!letsIn(ctx, call, message)) return;
  for (const { user, state, device = '' } of records(call)) {
    if (state !== 'in' || user === ctx.me) continue;
    const isStated = message.records.some(
      (stated) => stated.user === user && stated.state === 'in' && stated.device === device,
    );
    if (isStated) continue;
    call.leaveQueries.add(deviceKey(user, device));
    ctx.startTimer(call, { kind: 'leave-query', user, device }, durations.SYNC_ANSWER_WAIT_MS);
  }
}

/**
 * This device has reconnected after its accept, and has learned by a reply that it is selected. If the server was restarted, it
 * has withheld from other members that this device is in, until this device has stated again that it has accepted: so it tells
 * the members who are in. Without media, it asks all of them anyway when it enters the call.
 */
export function announceEntry(ctx: TransitionContext, call: Call, message: Delivered): void {
  if (message.type !== 'state' || call.phase !== 'in' || !ctx.self.media) return;
  for (const user of othersIn(call, ctx.me))
    if (user !== message.from.userID) ask(ctx, call, user, recordOf(call, user)?.device);
}

/** The server reports that a device has lost its connection. */
export function onLost(
  ctx: TransitionContext,
  call: Call,
  { from, at }: Delivered,
  device: string,
): void {
  const key = deviceKey(from.userID, device);
  if ((ctx.lastMessageAt.get(key) ?? 0) <= at) call.absent.set(key, { type: 'lost', at });
}

/**
 * The coordinator learns from a report that an invitation was declined: the device was disconnected then, and has not reached all
 * members with that. The coordinator informs them.
 * @param before what was known of the user before the report
 */
export function relayDecline(
  ctx: TransitionContext,
  call: Call,
  { type, from }: Delivered,
  before: MemberRecord | undefined,
): void {
  const [own, record] = [recordOf(call, ctx.me), recordOf(call, from.userID)];
  const isReport = type === 'sync' || type === 'state';
  if (!isReport || !before || !isPending(before) || record?.state !== 'declined') return;
  if (!own || call.phase !== 'in' || coordinatorOf(ctx, call, from.userID) !== ctx.me) return;
  const body = { type: 'state', ...callReport(ctx, call) } as const;
  ctx.send(call, others(call, ctx.me), body, [own, record]);
}
