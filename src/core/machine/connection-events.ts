import type { InboxReport, Hello } from '../protocol/messages.js';
import { MAX_HELD_CALLS, SERVER_DEVICE } from '../protocol/limits.js';
import { oneOf } from '../protocol/one-of.js';
import type { Phase } from '../protocol/vocabulary.js';
import * as durations from './durations.js';
import {
  claimedIn,
  hasAnsweredHere,
  isLinked,
  nameOf,
  othersInOrInvited,
  recordOf,
  records,
} from './call.js';
import type { TransitionContext } from './transition-context.js';
import { finish, onSyncedWhileSettling } from './ending.js';
import {
  concludeBusy,
  endInvitation,
  isAsked,
  onDecisionRefused,
  startInvitationTimers,
} from './coordinator.js';
import { addIntroducedMembers } from './invitation-events.js';
import { repeatInvite } from './inviting.js';
import { onCallUnknown } from './call-discovery.js';
import { mergeDetails } from './call-records.js';
import { isShown } from './hold.js';
import { rebuildLink } from './links.js';
import { expectBusyReport, onBusyReport, onStatementRefused } from './other-devices.js';
import { joinByNextRound, sync } from './call-report.js';
import { isPending, isRejected } from './record-order.js';
import { review } from './review.js';
import { isSilentlyBusy, mayRing, ring, sendBusy } from './ringing.js';
import type { MachineEvent } from './events.js';
import type { Call } from './types.js';

type EventOf<T extends MachineEvent['type']> = MachineEvent & { readonly type: T };

/**
 * The device has connected: sends `hello` with its state, a `sync` for each undecided call, the end of calls that ended
 * recently, and unacknowledged invites again.
 */
export function onOnline(ctx: TransitionContext): void {
  ctx.online = true;
  ctx.synced = false;
  expectBusyReport(ctx);
  const lately = [...ctx.calls.values()].filter(
    (call) => call.phase === 'over' && ctx.now - call.endedAt < durations.REPEAT_END_MS,
  );
  const current = ctx.call(ctx.current);
  ctx.effect({ type: 'hello', hello: hello(ctx, current, lately) });
  for (const { id, phase } of [...ctx.calls.values()]) {
    const isRunning = id === ctx.current || phase === 'in';
    const call = isRunning || isUndecided(phase) ? ctx.call(id) : undefined;
    if (!call) continue;
    if (!isRunning) call.isDoubtful = true;
    if (phase === 'accepting') call.reconnected = true;
    sync(ctx, call);
    // Messages on the previous connection may be lost.
    if (isSilentlyBusy(call)) sendBusy(ctx, call);
  }
  for (const call of lately) repeatEnd(ctx, call);
  for (const { id, phase } of [...ctx.calls.values()]) {
    const call = phase === 'in' ? ctx.call(id) : undefined;
    if (call) repeatInvites(ctx, call);
  }
}

/** Sends unacknowledged invites of a call that this device is in again. */
function repeatInvites(ctx: TransitionContext, call: Call): void {
  call.cameBackAt = ctx.now;
  call.reconnected = true;
  for (const [messageID, invitees] of call.unacknowledged) {
    const open = invitees.filter((user) => {
      const record = recordOf(call, user);
      return record !== undefined && isPending(record);
    });
    if (open.length) repeatInvite(ctx, call, open, messageID);
    else call.unacknowledged.delete(messageID);
  }
}

function hello(ctx: TransitionContext, current: Call | undefined, lately: readonly Call[]): Hello {
  // A join is a round of its own: it answers no earlier invitation.
  const round = current && (current.joining?.round ?? recordOf(current, ctx.me)?.round);
  const over = lately.flatMap((call) => {
    const record = recordOf(call, ctx.me);
    return record && !isPending(record) ? [{ callID: call.id, record }] : [];
  });
  const onHold = [...ctx.calls.values()].flatMap((call) => {
    const round = recordOf(call, ctx.me)?.round;
    const isOther = call.holdNumber !== undefined && call !== current;
    return isOther && round !== undefined ? [{ callID: call.id, phase: call.phase, round }] : [];
  });
  return {
    ...(ctx.self.replaces === undefined ? {} : { replaces: ctx.self.replaces }),
    ...(current && round !== undefined && current.phase !== 'incoming'
      ? {
          current: {
            callID: current.id,
            phase: current.phase,
            round,
            ...(current.joining && { join: true }),
          },
        }
      : {}),
    ...(onHold.length > 0 && { onHold: onHold.slice(-MAX_HELD_CALLS) }),
    over: over.slice(-200),
    missed: [...ctx.reportedMissed.keys()].slice(-200),
  };
}

/** Sends the final records of a call that ended recently: the messages about its end may have been lost. */
function repeatEnd(ctx: TransitionContext, call: Call): void {
  const own = recordOf(call, ctx.me);
  if (!own || isPending(own)) return;
  const final = records(call).filter((record) => !isPending(record));
  const { round } = own;
  const answered = hasAnsweredHere(call, ctx.me);
  const to = [...othersInOrInvited(call, ctx.me), ctx.me];
  const body = { type: 'state', phase: 'over', round, answered } as const;
  ctx.send(call, to, body, final);
  // Users who are only stated to be in are not told about others.
  const claimed = claimedIn(call, ctx.me).filter((user) => !to.includes(user));
  ctx.send(call, claimed, body, [own]);
  // The users whose invitation this device has ended are not told about others.
  for (const { record, isEndedHere } of call.members.values())
    if (isEndedHere && isRejected(record)) ctx.send(call, [record.user], body, [own, record]);
}

/** The initial sync is complete: held invitations may ring. */
export function onSynced(ctx: TransitionContext, inbox: InboxReport): void {
  ctx.synced = true;
  ctx.syncedAt = ctx.now;
  onBusyReport(ctx, inbox.busy);
  const missed = new Set(inbox.missed.map(({ invite }) => invite.callID));
  for (const { callID, round, how } of inbox.settled) {
    const call = ctx.call(callID);
    if (!call || round < call.round) continue;
    if (how === 'ended') onCountedOut(ctx, call, round);
    if (!isUndecided(call.phase) && !ctx.reportedMissed.has(callID)) continue;
    // If the invitation is still missed, the user has joined later, in a round of its own.
    const isAnswered = how === 'answered' && !missed.has(callID);
    if (isAnswered) call.answered = { round, device: SERVER_DEVICE };
    else if (isUndecided(call.phase) && call.phase !== 'settling') {
      finish(ctx, call, 'canceled');
      continue;
    }
    review(ctx, call);
  }
  for (const missed of inbox.missed) handleMissed(ctx, missed);
  for (const id of [...ctx.calls.keys()]) {
    const phase = ctx.calls.get(id)?.phase;
    const call = phase === 'held' || phase === 'settling' ? ctx.call(id) : undefined;
    if (call?.phase === 'held') {
      if (mayRing(ctx, call)) ring(ctx, call);
      if (isShown(ctx, id)) sync(ctx, call);
    } else if (call) onSyncedWhileSettling(ctx, call);
  }
  for (const { id, phase } of [...ctx.calls.values()]) {
    const call = phase === 'in' || phase === 'accepting' ? ctx.call(id) : undefined;
    for (const link of call?.links.values() ?? []) if (call) rebuildLink(ctx, call, link);
  }
}

/**
 * A member considered this device, which is in, as lost, has invited its user again, and that invitation has ended: this
 * device counts as out, and the server does not relay its messages any more. Media that still flow show the contrary: then it
 * asks to be let in by the next round.
 */
function onCountedOut(ctx: TransitionContext, call: Call, round: number): void {
  const own = recordOf(call, ctx.me);
  if (call.phase !== 'in' || !own || own.round >= round) return;
  if (isLinked(call)) joinByNextRound(ctx, call, round + 1);
  else finish(ctx, call, 'connection-lost', 'leave');
}

const isUndecided = oneOf<Phase>('held', 'silent', 'incoming', 'settling');

/** Reports a call that ended unanswered while no device of this user was connected. */
function handleMissed(ctx: TransitionContext, missed: InboxReport['missed'][number]): void {
  const { invite, fresh, at, reason } = missed;
  const known = ctx.calls.get(invite.callID);
  if (ctx.reportedMissed.has(invite.callID) || (known && known.phase !== 'early')) return;
  const call = ctx.add(invite.callID, 'over');
  addIntroducedMembers(ctx, call, invite);
  mergeDetails(call, { message: invite, receivedAt: ctx.now });
  call.initiator = invite.initiator;
  call.type = invite.callType;
  call.group ||= invite.group;
  call.caller = invite.from.userID;
  call.round = recordOf(call, ctx.me)?.round ?? 1;
  call.endedAt = ctx.now;
  const caller = nameOf(call, call.caller);
  if (fresh && !ctx.blocked.has(call.caller))
    ctx.callback(call, 'onIncomingCallTimeout', call.id, caller);
  ctx.reportMissed({
    ...{ callID: call.id, caller, callType: call.type, group: call.group, reason, fresh },
    at: { server: at },
    callees: invite.to.map((user) => nameOf(call, user)),
    customData: invite.customData,
    round: call.round,
    resourceID: invite.resourceID,
  });
}

/** The server has accepted a message. For an invite, the event contains the number of devices for each invitee. */
export function onAcknowledged(
  ctx: TransitionContext,
  event: EventOf<'transport.acknowledged'>,
): void {
  const call = ctx.call(event.callID);
  if (call?.learning?.messageID === event.messageID) {
    if (event.reached.every(({ devices }) => devices === 0)) onCallUnknown(ctx, call, 'call-over');
    return;
  }
  if (!call?.unacknowledged.delete(event.messageID)) return;
  for (const { user, devices, rejected } of event.reached) {
    const member = call.members.get(user);
    if (!member || rejected) continue;
    member.reachedDevices = devices;
    concludeBusy(ctx, call, user, false);
  }
  withdrawInvitations(
    ctx,
    call,
    event.reached.flatMap((one) => (one.rejected ? [one.user] : [])),
  );
  review(ctx, call);
}

/**
 * The server has rejected a message: `send` or `join` rejects, and its call ends. If the call continues, only the invitation
 * was not made: the users' previous rounds count again, as for all other members. A decision is repeated.
 */
export function onRefused(ctx: TransitionContext, event: EventOf<'transport.refused'>): void {
  onStatementRefused(ctx, event);
  const call = ctx.call(event.callID);
  if (call?.learning?.messageID === event.messageID) return onCallUnknown(ctx, call, event.code);
  if (!call) return;
  onDecisionRefused(ctx, call, event.messageID);
  const invitees = call.unacknowledged.get(event.messageID);
  if (!invitees) return;
  call.unacknowledged.delete(event.messageID);
  if (call.phase !== 'in') return;
  if (call.request !== undefined) ctx.rejectRequest(call.request, event.code);
  call.request = undefined;
  if (!call.hadPeer) return finish(ctx, call, 'unreachable', 'leave');
  withdrawInvitations(ctx, call, invitees);
  review(ctx, call);
}

/** The server has rejected the open invitations of these users: nobody else knows their rounds. */
function withdrawInvitations(ctx: TransitionContext, call: Call, users: readonly string[]): void {
  if (call.phase !== 'in' || users.length === 0) return;
  for (const user of users) withdrawInvitation(ctx, call, user);
  // Another member may have selected the user meanwhile, or have invited the user first.
  sync(ctx, call);
}

function withdrawInvitation(ctx: TransitionContext, call: Call, user: string): void {
  const member = call.members.get(user);
  if (!member || !isPending(member.record) || member.record.inviter !== ctx.me) return;
  if (member.previous) call.members.set(user, member.previous);
  else if (!isAsked(call, user)) {
    endInvitation(ctx, call, user, 'unreachable');
    member.isWithdrawn = true;
  } else {
    // A member has stated that the user is in, which their device may still confirm.
    member.deadline = ctx.now;
    member.timerAs = undefined;
    startInvitationTimers(ctx, call, user);
  }
}
