import type { MessageOf } from '../protocol/messages.js';
import { isInOrInvited, lastOnHold, nameOf, othersIn, othersPending } from './call.js';
import { isPendingTransfer } from './transfer.js';
import type { TransitionContext } from './transition-context.js';
import type { MachineEvent } from './events.js';
import type { Call } from './types.js';
import { inviteMore } from './inviting.js';

/*
 * The user connects the users of two calls, or gives the own place in a call to another user. docs/protocol.md, rule 19.
 */

type EventOf<T extends MachineEvent['type']> = MachineEvent & { readonly type: T };
type TransferTo = MessageOf<'roster'>['transferTo'];

/** Invites the user of the call that was put on hold last to the current one, which replaces it. */
export function merge(ctx: TransitionContext, { request, timeoutMs }: EventOf<'user.merge'>): void {
  const call = talking(ctx);
  const held = ctx.call(lastOnHold(ctx.calls, ctx.current));
  const other = held && onlyOther(ctx, held);
  if (!call || !held || other === undefined || isInOrInvited(call, other))
    return ctx.resolveRequest(request, false);
  if (!ctx.online) return ctx.rejectRequest(request, 'not-connected');
  replace(ctx, held, other, call, timeoutMs);
  ctx.resolveRequest(request, true);
}

/** Invites another user, or the user of a call on hold, to whom this user leaves the current call. */
export function transfer(ctx: TransitionContext, event: EventOf<'user.transfer'>): void {
  const { request, target, reason, timeoutMs } = event;
  const call = talking(ctx);
  const user = target.userID;
  if (!call || isPendingTransfer(call) || user === ctx.me || isInOrInvited(call, user))
    return ctx.resolveRequest(request, false);
  // When this user leaves, the call would end for all.
  if (call.endWithInitiator && call.initiator === ctx.me)
    return ctx.rejectRequest(request, 'not-allowed');
  if (!ctx.online) return ctx.rejectRequest(request, 'not-connected');
  const held = [...ctx.calls.values()].find(
    (each) => each.holdNumber !== undefined && each.id !== call.id && onlyOther(ctx, each) === user,
  );
  call.transfer = { by: ctx.me, to: user, reason };
  if (held) replace(ctx, held, user, call, timeoutMs, reason);
  else inviteMore(ctx, call, [target], timeoutMs, {}, { user, reason });
  ctx.resolveRequest(request, true);
}

/** @returns the current call if another user is in it, and it is not on hold */
function talking(ctx: TransitionContext): Call | undefined {
  const call = ctx.call(ctx.current);
  const isTalking = call?.phase === 'in' && call.holdNumber === undefined;
  return isTalking && othersIn(call, ctx.me).length > 0 ? call : undefined;
}

/** @returns the only other user of a call that this device is in; undefined if there are more, or none */
function onlyOther(ctx: TransitionContext, call: Call): string | undefined {
  const [other, ...more] = othersIn(call, ctx.me);
  return more.length || othersPending(call, ctx.me).length ? undefined : other;
}

/** Invites the user of a call on hold to the current one. With a reason, the current call is transferred to that user. */
function replace(
  ctx: TransitionContext,
  held: Call,
  user: string,
  call: Call,
  timeoutMs: number,
  reason?: string,
): void {
  const [other = ''] = othersIn(call, ctx.me);
  const to = (target: string): TransferTo =>
    reason === undefined ? undefined : { user: target, reason };
  const toInvited = to(other);
  const invitation = { replacesCall: held.id, ...(toInvited && { transferTo: toInvited }) };
  inviteMore(ctx, call, [nameOf(held, user)], timeoutMs, invitation, to(user));
}
