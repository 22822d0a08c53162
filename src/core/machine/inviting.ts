import type { CallUser } from '../protocol/vocabulary.js';
import { others, recordOf } from './call.js';
import { mergeRecord } from './call-records.js';
import { lastRound } from './claims.js';
import { startInvitationTimers } from './coordinator.js';
import { keepsOthers } from './hold.js';
import type { TransitionContext } from './transition-context.js';
import type { Call, Member } from './types.js';

/*
 * Opens rounds: invites users, and tells the members whom this device has invited.
 */

type Invitation = NonNullable<Member['invitation']>;

/** Opens a round for each invitee and sends them the invitation. */
export function inviteAll(
  ctx: TransitionContext,
  call: Call,
  invitees: readonly CallUser[],
  timeoutMs: number,
  invitation: Invitation = {},
): void {
  const batch = ++ctx.serial;
  call.timeoutMs = timeoutMs;
  for (const { userID, userName } of invitees) {
    if (!call.names.has(userID)) call.names.set(userID, userName);
    const round = lastRound(ctx, call, userID) + 1;
    const previous = call.members.get(userID);
    mergeRecord(ctx, call, { user: userID, round, state: 'inviting', inviter: ctx.me });
    const member = call.members.get(userID);
    if (!member) continue;
    if (previous) {
      const { previous: _, ...known } = previous;
      member.previous = known;
    }
    member.deadline = ctx.now + timeoutMs;
    member.batch = batch;
    member.invitation = invitation;
    startInvitationTimers(ctx, call, userID);
  }
  sendInvite(
    ctx,
    call,
    invitees.map(({ userID }) => userID),
  );
}

/** Sends an invitation with its remaining time; with the ID of an earlier message, sends that one again. */
function sendInvite(
  ctx: TransitionContext,
  call: Call,
  to: readonly string[],
  messageID?: string,
): void {
  const deadline = call.members.get(to[0] ?? '')?.deadline ?? ctx.now;
  const { type: callType, initiator, endWithInitiator, group, customData } = call;
  const { timeoutMs, resourceID, notification } = call;
  const body = {
    type: 'invite',
    ...{ callType, initiator, endWithInitiator, group, customData, timeoutMs },
    remainingMs: Math.max(0, deadline - ctx.now),
    ...(resourceID === undefined ? {} : { resourceID }),
    // Nobody speaks for another user: the texts are those of the caller, not of a member who invites more users.
    ...(notification && initiator === ctx.me && { notification }),
    ...keepsOthers(ctx, call),
    ...call.members.get(to[0] ?? '')?.invitation,
  } as const;
  call.unacknowledged.set(ctx.sendAll(call, to, body, messageID), [...to]);
}

/** Invites users to a call that this device is in, and tells its members. */
export function inviteMore(
  ctx: TransitionContext,
  call: Call,
  invitees: readonly CallUser[],
  timeoutMs: number,
  invitation: Invitation = {},
  transferTo?: Invitation['transferTo'],
): void {
  call.group = true;
  const members = others(call, ctx.me);
  inviteAll(ctx, call, invitees, timeoutMs, invitation);
  const users = invitees.map(({ userID }) => userID);
  tellInvited(ctx, call, members, users, transferTo);
}

/** Tells members whom this device has invited. */
function tellInvited(
  ctx: TransitionContext,
  call: Call,
  members: readonly string[],
  users: readonly string[],
  transferTo: Invitation['transferTo'],
): void {
  const added = users.flatMap((user) => recordOf(call, user) ?? []);
  ctx.send(call, members, { type: 'roster', ...(transferTo && { transferTo }) }, added);
}

/** Repeats an unacknowledged invitation after a reconnect. What the members were told about it may be lost as well. */
export function repeatInvite(
  ctx: TransitionContext,
  call: Call,
  invitees: readonly string[],
  messageID: string,
): void {
  sendInvite(ctx, call, invitees, messageID);
  const members = others(call, ctx.me).filter((user) => !invitees.includes(user));
  if (members.length === 0) return;
  const { by, to, reason = '' } = call.transfer ?? {};
  const isTransfer = by === ctx.me && to !== undefined && invitees.includes(to);
  tellInvited(ctx, call, members, invitees, isTransfer ? { user: to, reason } : undefined);
}
