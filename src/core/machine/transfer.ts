import type { MessageOf, Sender } from '../protocol/messages.js';
import * as durations from './durations.js';
import { isIn, nameOf, others, othersIn, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { alone, finish } from './ending.js';
import { endInvitation, isAsked } from './coordinator.js';
import { isPending } from './record-order.js';
import type { TimerRef } from './timer-ref.js';
import type { Call, Transfer } from './types.js';

/*
 * A member transfers a call: another user is invited, and takes the member's place. docs/protocol.md, rule 19.
 */

/**
 * Another member states that it transfers the call to a user who is in it, or invited to it. Only the sender's own place
 * can be given away.
 */
export function noteTransfer(
  ctx: TransitionContext,
  call: Call,
  { userID }: Sender,
  transferTo: MessageOf<'roster'>['transferTo'],
): void {
  if (!transferTo || isPendingTransfer(call) || !isIn(call, userID)) return;
  const { user: to, reason } = transferTo;
  if (to === userID || !others(call, ctx.me).includes(to)) return;
  call.transfer = { by: userID, to, reason };
  const [by, target] = [nameOf(call, userID), nameOf(call, to)];
  ctx.callback(call, 'onCallTransferStarted', call.id, by, target, reason);
}

/** Whether a transfer of this call has begun, and has not failed. */
export const isPendingTransfer = ({ transfer }: Call): boolean =>
  transfer !== undefined && !transfer.failed;

/**
 * Draws conclusions for the transfer of a call that this device is in: it fails when the other user does not come in,
 * and is complete when the member has left.
 */
export function reviewTransfer(ctx: TransitionContext, call: Call): void {
  const { transfer } = call;
  if (!transfer || transfer.failed) return;
  const { by, to } = transfer;
  const isOwn = by === ctx.me;
  const record = recordOf(call, to);
  if (!isOwn && !isIn(call, by)) call.transfer = undefined;
  else if (record && isPending(record)) {
    // Nobody is left whom the other user could talk to.
    if (!isOwn || !alone(ctx, call)) return;
    call.transfer = undefined;
    endInvitation(ctx, call, to, 'canceled');
  } else if (!isIn(call, to)) {
    // The device of the other user may still have to confirm that it is in.
    if (!isAsked(call, to)) fail(ctx, call, transfer);
  } else if (isOwn && transfer.timerNumber === undefined)
    startTimer(ctx, call, transfer, durations.TRANSFER_LEAVE_MS);
}

function startTimer(ctx: TransitionContext, call: Call, transfer: Transfer, ms: number): void {
  const timerNumber = ++ctx.serial;
  call.transfer = { ...transfer, timerNumber };
  ctx.startTimer(call, { kind: 'transfer', round: timerNumber }, ms);
}

function fail(ctx: TransitionContext, call: Call, transfer: Transfer): void {
  startTimer(ctx, call, { ...transfer, failed: true }, durations.SHOW_FAILED_TRANSFER_MS);
  ctx.callback(call, 'onCallTransferFailed', call.id, nameOf(call, transfer.to));
}

/**
 * The timer of a transfer has fired. If the user who takes this user's place has come in, the others had time to connect,
 * and this device leaves. A failed transfer is not shown any more.
 */
export function onTransferTimer(ctx: TransitionContext, call: Call, { round }: TimerRef): void {
  const { transfer } = call;
  if (call.phase !== 'in' || !transfer || transfer.timerNumber !== round) return;
  if (transfer.failed) {
    call.transfer = undefined;
    return;
  }
  if (!isIn(call, transfer.to) || othersIn(call, ctx.me).length < 2)
    return fail(ctx, call, transfer);
  ctx.callback(call, 'onCallTransferred', call.id, nameOf(call, transfer.to));
  finish(ctx, call, 'hung-up', 'leave');
}
