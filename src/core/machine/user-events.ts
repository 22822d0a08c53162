import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { everybodyElse, isInOrInvited, others, othersIn, othersPending, recordOf } from './call.js';
import { isPending } from './record-order.js';
import type { TransitionContext } from './transition-context.js';
import { alone, finish } from './ending.js';
import { isCoordinator, endInvitation } from './coordinator.js';
import { coordinatorOf } from './succession.js';
import { inviteAll, inviteMore } from './inviting.js';
import { mergeRecord } from './call-records.js';
import { offersTo, openLink } from './links.js';
import { isOnHoldWith, keepsOthers, mayPlaceCall, putOnHold } from './hold.js';
import { review, takeBackMissed } from './review.js';
import type { MachineEvent } from './events.js';
import type { Call } from './types.js';

type EventOf<T extends MachineEvent['type']> = MachineEvent & { readonly type: T };
/** The initial state of microphone and camera; undefined: the page's default, or that of the call `like`. */
type Sources = Pick<EventOf<'user.accept'>, 'microphone' | 'camera'> & { readonly like?: string };

/** Places a call. */
export function send(ctx: TransitionContext, event: EventOf<'user.send'>): void {
  const { request, callID, invitees } = event;
  if (!ctx.self.canTakeCalls) return ctx.rejectRequest(request, 'unsupported');
  if (!isFree(ctx, event)) return;
  if (invitees.some(({ userID }) => isOnHoldWith(ctx, userID)))
    return ctx.rejectRequest(request, 'busy');
  if (ctx.calls.has(callID)) return ctx.rejectRequest(request, 'invalid-argument');
  const call = ctx.add(callID, 'in');
  ctx.current = callID;
  call.type = event.callType;
  call.initiator = call.caller = ctx.me;
  call.endWithInitiator = event.endWithInitiator;
  call.group = invitees.length > 1;
  call.callees = invitees.map(({ userID }) => userID);
  call.customData = event.customData;
  call.resourceID = event.resourceID;
  call.notification = event.notification;
  call.answeredHere = true;
  call.request = request;
  const { deviceID } = ctx.self;
  mergeRecord(ctx, call, {
    user: ctx.me,
    round: 1,
    state: 'in',
    device: deviceID,
    inviter: ctx.me,
  });
  inviteAll(ctx, call, invitees, event.timeoutMs);
  ctx.effect({ type: 'open-media', callID, callType: call.type, cause: 'sent' });
}

/** Whether this device can enter a call now; if not, the request is rejected. */
export function isFree(
  ctx: TransitionContext,
  { request, callID }: EventOf<'user.send' | 'user.join'>,
): boolean {
  if (!mayPlaceCall(ctx, callID)) ctx.rejectRequest(request, 'busy');
  else if (!ctx.online) ctx.rejectRequest(request, 'not-connected');
  else return true;
  return false;
}

/** Invites more users to the ongoing call. */
export function invite(ctx: TransitionContext, event: EventOf<'user.invite'>): void {
  const call = ctx.call(ctx.current);
  // There is no ongoing call before a first user has answered; after that it continues while others still ring.
  if (call?.phase !== 'in' || (alone(ctx, call) && !call.hadPeer))
    return ctx.rejectRequest(event.request, 'call-over');
  if (!ctx.online) return ctx.rejectRequest(event.request, 'not-connected');
  const invitees = event.invitees.filter(
    ({ userID }) => userID !== ctx.me && !isOnHoldWith(ctx, userID) && !isInOrInvited(call, userID),
  );
  if (!invitees.length) return ctx.resolveRequest(event.request, false);
  inviteMore(ctx, call, invitees, event.timeoutMs);
  ctx.resolveRequest(event.request, true);
}

/** Cancels the open invitations that this device coordinates. Without any other user, this cancels the call. */
export function cancelInvitees(
  ctx: TransitionContext,
  { request, userIDs, customData }: EventOf<'user.cancel-invitees'>,
): void {
  const call = ctx.call(ctx.current);
  const users = call ? userIDs.filter((user) => isCoordinator(ctx, call, user)) : [];
  if (!call || !users.length) return ctx.resolveRequest(request, false);
  if (alone(ctx, call) && othersPending(call, ctx.me).every((user) => users.includes(user))) {
    cancelOut(ctx, call, customData);
  } else {
    for (const user of users) endInvitation(ctx, call, user, 'canceled', customData);
    review(ctx, call);
  }
  ctx.resolveRequest(request, true);
}

export function accept(ctx: TransitionContext, event: EventOf<'user.accept'>): void {
  const call = ringingCall(ctx);
  if (!call) return ctx.resolveRequest(event.request, false);
  ctx.callback(call, 'onIncomingCallAcceptButtonPressed');
  if (ctx.waiting === call.id) replaceByWaiting(ctx, call, event.current ?? 'hold');
  acceptCall(ctx, call, event.customData, event);
  ctx.resolveRequest(event.request, true);
}

/** @returns the call that rings on this device: the current one, or the waiting one */
function ringingCall(ctx: TransitionContext): Call | undefined {
  const current = ctx.call(ctx.current);
  return current?.phase === 'incoming' ? current : ctx.call(ctx.waiting);
}

/** Ends the current call or puts it on hold, for a waiting call that the user accepts. */
function replaceByWaiting(ctx: TransitionContext, waiting: Call, how: 'hold' | 'end'): void {
  const current = ctx.call(ctx.current);
  if (current && how === 'end') leave(ctx, current, '');
  else if (current) putOnHold(ctx, current);
  ctx.current = waiting.id;
  ctx.waiting = undefined;
}

/**
 * Sends the accept to the members and to this user's other devices, and opens the media. If this device is the offerer
 * of the link to the coordinator, it sends the offer immediately, so that media needs only one round trip.
 */
export function acceptCall(
  ctx: TransitionContext,
  call: Call,
  customData = '',
  sources: Sources = {},
): void {
  call.phase = 'accepting';
  call.answeredHere = true;
  call.acceptData = customData;
  takeBackMissed(ctx, call);
  const own = recordOf(call, ctx.me);
  if (!own) return;
  const { round, inviter } = own;
  const ringing: MemberRecord = { user: ctx.me, round, inviter, state: 'ringing' };
  const to = [...others(call, ctx.me), ctx.me];
  const kept = keepsOthers(ctx, call);
  ctx.send(call, to, { type: 'accept', round, customData, ...kept }, [ringing]);
  // A device that was in the call before has opened its media already.
  if (!call.hadPeer) openMedia(ctx, call, sources);
  const coordinator = coordinatorOf(ctx, call, ctx.me);
  const device = recordOf(call, coordinator ?? '')?.device;
  if (coordinator !== undefined && device !== undefined && offersTo(ctx, call, coordinator))
    openLink(ctx, call, coordinator, device);
  ctx.startTimer(call, { kind: 'select', round }, durations.SELECT_WAIT_MS);
  review(ctx, call);
}

/**
 * Opens the media. In the survivor of a glare they are those of the own call: the other user must not start a camera.
 */
export function openMedia(
  ctx: TransitionContext,
  call: Call,
  { microphone, camera, like }: Sources = {},
): void {
  const callType = call.glareType ?? call.type;
  ctx.effect({
    ...{ type: 'open-media', callID: call.id, callType, cause: 'accepted' },
    ...(microphone === undefined ? {} : { microphone }),
    ...(camera === undefined ? {} : { camera }),
    ...(like === undefined ? {} : { like }),
  });
}

export function decline(
  ctx: TransitionContext,
  event: EventOf<'user.decline' | 'user.cancel'>,
): void {
  const call = ringingCall(ctx);
  if (!call) return ctx.resolveRequest(event.request, false);
  declineCall(ctx, call, event.customData);
  ctx.resolveRequest(event.request, true);
}

/**
 * Declines an incoming call. Hanging up while connecting sends a decline as well, but does not call the decline
 * callback.
 */
function declineCall(ctx: TransitionContext, call: Call, customData: string): void {
  const member = call.members.get(ctx.me);
  if (!member) return;
  const connecting = call.phase === 'accepting';
  if (call.joining?.replaces !== undefined) return leaveReplaced(ctx, call, member.record);
  if (call.joining && !isPending(member.record)) return giveUpJoin(ctx, call);
  if (!connecting) ctx.callback(call, 'onIncomingCallDeclineButtonPressed');
  call.answeredHere = true;
  // An earlier invitation to this call may have been missed, or this one, because its time was over here.
  takeBackMissed(ctx, call);
  const { round, inviter } = member.record;
  const to = [...others(call, ctx.me), ctx.me];
  const declined: MemberRecord = { user: ctx.me, round, inviter, state: 'declined' };
  if (customData) declined.customData = customData;
  member.record = declined;
  ctx.send(call, to, { type: 'decline', reason: 'declined', round, customData }, [declined]);
  call.joining = undefined;
  finish(ctx, call, connecting ? 'hung-up' : 'declined');
}

/** The user hangs up during a join. Its round is not that of an earlier invitation, which this does not decline. */
function giveUpJoin(ctx: TransitionContext, call: Call): void {
  const body = { type: 'leave', reason: 'hung-up', gaveUp: true } as const;
  ctx.send(call, others(call, ctx.me), body);
  finish(ctx, call, 'hung-up');
}

/** The user has hung up before the others knew of the reload: sends `leave` for the former device. */
function leaveReplaced(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  const left: MemberRecord = { ...own, state: 'left', reason: 'hung-up' };
  ctx.send(call, everybodyElse(call, ctx.me), { type: 'leave', reason: 'hung-up' }, [left]);
  finish(ctx, call, 'hung-up');
}

export function cancel(
  ctx: TransitionContext,
  event: EventOf<'user.decline' | 'user.cancel'>,
): void {
  const call = ctx.call(ctx.current);
  if (call?.phase !== 'in' || call.hadPeer) return ctx.resolveRequest(event.request, false);
  cancelOut(ctx, call, event.customData);
  ctx.resolveRequest(event.request, true);
}

/** Cancels a call that nobody has answered. */
function cancelOut(ctx: TransitionContext, call: Call, customData: string): void {
  ctx.callback(call, 'onOutgoingCallCancelButtonPressed');
  leave(ctx, call, customData);
}

export function hangUp(ctx: TransitionContext, event: EventOf<'user.hang-up'>): void {
  const call = ctx.call(ctx.current);
  if (!call) return ctx.resolveRequest(event.request, false);
  if (call.phase === 'in') {
    if (call.hadPeer) leave(ctx, call, '');
    else cancelOut(ctx, call, '');
  } else declineCall(ctx, call, '');
  ctx.resolveRequest(event.request, true);
}

/** The session ends: leaves or cancels all calls. A call that only rings continues to ring on other devices. */
export function leavePage(ctx: TransitionContext): void {
  for (const { id, holdNumber } of [...ctx.calls.values()]) {
    const call = id !== ctx.current && holdNumber !== undefined ? ctx.call(id) : undefined;
    if (call) leave(ctx, call, '');
  }
  const call = ctx.call(ctx.current);
  if (call?.phase === 'in') return leave(ctx, call, '');
  const own = call && recordOf(call, ctx.me);
  if (call?.phase !== 'accepting' || !own) return;
  const { round, inviter } = own;
  const { deviceID: device } = ctx.self;
  // The coordinator may have selected this device already, and this device will not be there to send `leave` later.
  const left: MemberRecord = {
    ...{ user: ctx.me, round: call.joining?.round ?? round, inviter, device },
    ...{ state: 'left', reason: 'hung-up' },
  };
  declineCall(ctx, call, '');
  ctx.send(call, everybodyElse(call, ctx.me), { type: 'leave', reason: 'hung-up' }, [left]);
}

/** Leaves a call that this device is in. The last user who is in cancels all open invitations. */
export function leave(ctx: TransitionContext, call: Call, customData: string): void {
  const reason = call.hadPeer ? 'hung-up' : 'canceled';
  if (call.endWithInitiator && call.initiator === ctx.me) return finish(ctx, call, reason, 'end');
  if (!othersIn(call, ctx.me).length)
    for (const user of othersPending(call, ctx.me))
      endInvitation(ctx, call, user, 'canceled', customData);
  finish(ctx, call, reason, 'leave');
}
