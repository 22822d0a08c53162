import type { Delivered, MessageOf } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { coordinates } from './authority.js';
import { everybodyElse, linkOf, recordOf } from './call.js';
import { keepsOthers } from './hold.js';
import { wasIn } from './record-order.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * The call report: what a device states about itself in `sync` and `state`. It brings devices that were disconnected up
 * to date.
 */

/** @returns this device's phase and round, whether it wants to join, and which device it replaces */
export function callReport(
  ctx: TransitionContext,
  call: Call,
): Pick<MessageOf<'sync'>, 'phase' | 'round' | 'join' | 'replaces' | 'customData' | 'keepsOthers'> {
  const { phase, joining, acceptData } = call;
  const round = joining?.round ?? recordOf(call, ctx.me)?.round;
  return {
    phase,
    ...(round === undefined ? {} : { round }),
    ...(joining && { join: true }),
    ...(joining?.replaces !== undefined && { replaces: joining.replaces }),
    // Repeats the custom data of the accept, which may have been lost.
    ...(phase === 'accepting' && acceptData ? { customData: acceptData } : {}),
    ...(phase === 'in' || phase === 'accepting' ? keepsOthers(ctx, call) : {}),
  };
}

/** Sends a `sync` to all users: requests their state, and reports that of this device. */
export function sync(ctx: TransitionContext, call: Call): void {
  ctx.sendAll(call, [...everybodyElse(call, ctx.me), ctx.me], {
    type: 'sync',
    ...callReport(ctx, call),
  });
}

/** This device is in, but not for all members: requests to be let in by this round, while it stays in. */
export function joinByNextRound(ctx: TransitionContext, call: Call, round: number): void {
  call.requestedRound = round;
  const report = { ...callReport(ctx, call), round, join: true };
  ctx.sendAll(call, everybodyElse(call, ctx.me), { type: 'sync', ...report });
}

/** Processes the call report of a `sync` or `state`. */
export function noteCallReport(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
  present: boolean,
): void {
  if (message.type !== 'sync' && message.type !== 'state') return;
  const { userID, deviceID } = message.from;
  const link = linkOf(call, userID, deviceID);
  if (link) link.isProbing = false;
  const sender = recordOf(call, userID);
  // The report of a user who was never in proves nothing about others.
  if (userID === ctx.me || !(deviceID === SERVER_DEVICE || (sender && wasIn(sender)))) return;
  call.isConfirmed ||=
    present || deviceID === SERVER_DEVICE || haveAllReported(call, ctx.me, userID);
  call.isDoubtful = false;
  if (!present) return;
  noteConfirmedPresence(ctx, call, message);
  const { joining } = call;
  // The answer to a question about an unknown call does not concern the join that follows.
  if (!joining || message.type !== 'state' || message.about || message.phase !== 'in') return;
  // A member who does not coordinate may still list the former device of this page.
  const former = [ctx.self.deviceID, joining.replaces];
  const isInElsewhere = message.records.some(
    ({ user, state, device }) => user === ctx.me && state === 'in' && !former.includes(device),
  );
  call.joining = { ...joining, isInElsewhere };
}

/** The coordinator replies that this device is in: it was not considered lost, and invited again, while it was away. */
function noteConfirmedPresence(ctx: TransitionContext, call: Call, message: Delivered): void {
  const own = recordOf(call, ctx.me);
  if (!call.reconnected || message.type !== 'state' || !own) return;
  const isConfirmed = message.records.some(
    ({ user, state, round, device }) =>
      user === ctx.me && state === 'in' && round === own.round && device === own.device,
  );
  if (isConfirmed && coordinates(ctx, call, message.from, own, false)) call.reconnected = false;
}

/**
 * Whether a report by a user who is not in the call any more confirms what this device knows of the call. For a join,
 * all users who were in must have reported: one of them alone can't prove that nobody is left.
 */
function haveAllReported(call: Call, self: string, sender: string): boolean {
  const { joining } = call;
  if (!joining) return true;
  const reports = [...new Set([...joining.reports, sender])];
  call.joining = { ...joining, reports };
  return everybodyElse(call, self).every((user) => {
    const record = recordOf(call, user);
    return !record || !wasIn(record) || reports.includes(user);
  });
}
