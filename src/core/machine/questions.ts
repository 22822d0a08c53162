import type { MemberRecord } from '../protocol/messages.js';
import { answerWait, deviceKey, isIn, linkOf, recordOf } from './call.js';
import { callReport } from './call-report.js';
import { MAX_QUESTIONS, type Claim } from './claim.js';
import * as durations from './durations.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * Questions to devices: a `sync` to one device shows whether it is in, and what its user has answered.
 */

/** The pause after the last question to a device is over: asks it about statements that were received in the pause. */
export function askAfterPause(
  ctx: TransitionContext,
  call: Call,
  user: string,
  device: string,
): void {
  if (pauseOf(ctx, call, user, device) <= 0) question(ctx, call, user, device);
}

/** @returns the time until a device may be asked again, in ms; 0 or less if it may be asked now */
export const pauseOf = (ctx: TransitionContext, call: Call, user: string, device = ''): number =>
  (call.askedAt.get(deviceKey(user, device)) ?? -Infinity) + durations.SYNC_PAUSE_MS - ctx.now;

/** Sends a `sync` to one device, at most every two seconds. It contains only this user's record. */
export function question(
  ctx: TransitionContext,
  call: Call,
  user: string,
  toDevice = recordOf(call, user)?.device,
  claim?: Claim,
): void {
  if (!ASKS.has(call.phase) || toDevice === undefined || user === ctx.me) return;
  const key = deviceKey(user, toDevice);
  const wait = pauseOf(ctx, call, user, toDevice);
  if (claim) {
    if (claim.questions >= MAX_QUESTIONS) return;
    const timer = { kind: 'confirm', user, device: toDevice } as const;
    ctx.startTimer(call, timer, wait > 0 ? wait : durations.SYNC_PAUSE_MS);
  }
  if (wait > 0) return;
  call.askedAt.set(key, ctx.now);
  const asked = claim ? claimsAskedWith(call, claim) : [];
  for (const each of asked) each.questions += 1;
  const isLast = asked.some(({ questions }) => questions === MAX_QUESTIONS);
  // A call that ends with its initiator must not continue with members who have never met the initiator.
  if (isLast && call.endWithInitiator && user === call.initiator) {
    call.leaveQueries.add(key);
    ctx.startTimer(call, { kind: 'leave-query', user, device: toDevice }, durations.LINK_WAIT_MS);
  }
  const own = recordOf(call, ctx.me);
  ctx.send(call, [user], { type: 'sync', toDevice, ...callReport(ctx, call) }, own ? [own] : []);
}

/**
 * @returns the claims that the answer to a question about one of them decides: the device of a claim answers for all claims
 * that name it. Otherwise each false statement about it, of another round, would prolong the questions
 */
function claimsAskedWith({ claims }: Call, claim: Claim): Claim[] {
  const { user, device } = claim.record;
  if (claim.isConfirmed) return [claim];
  return [...claims.values()].filter(
    ({ record, isConfirmed }) => !isConfirmed && record.user === user && record.device === device,
  );
}

const ASKS: ReadonlySet<string> = new Set(['silent', 'incoming', 'accepting', 'in']);

/**
 * Another user states that a member has left: asks the member's device, unless its link is up. No answer means it has
 * left.
 */
export function queryLeft(ctx: TransitionContext, call: Call, user: string, at: number): void {
  const device = recordOf(call, user)?.device;
  if (device === undefined || call.phase !== 'in' || !isIn(call, user)) return;
  const key = deviceKey(user, device);
  // The device has sent a message since then.
  if ((ctx.lastMessageAt.get(key) ?? 0) > at) return;
  if (linkOf(call, user, device)?.state === 'up' || call.leaveQueries.has(key)) return;
  call.leaveQueries.add(key);
  // An earlier question may have been answered already.
  call.askedAt.delete(key);
  question(ctx, call, user, device);
  ctx.startTimer(call, { kind: 'leave-query', user, device }, durations.SYNC_ANSWER_WAIT_MS);
}

/**
 * A device that was asked whether it has left did not answer: it counts as lost until its next message, unless its link
 * is up.
 */
export function onLeaveUnanswered(
  ctx: TransitionContext,
  call: Call,
  user: string,
  device: string,
): void {
  const key = deviceKey(user, device);
  const wait = answerWait(ctx, call);
  if (call.leaveQueries.has(key) && wait > 0)
    return ctx.startTimer(call, { kind: 'leave-query', user, device }, wait);
  if (!call.leaveQueries.delete(key) || call.links.get(key)?.state === 'up') return;
  call.absent.set(key, { type: 'unresponsive' });
}

/**
 * A device that this one has selected must send something, as every selected device does. In a call without media no link
 * shows that it is there: it may have been lost just before, and the server does not report that if it has been restarted.
 */
export function awaitSelected(
  ctx: TransitionContext,
  call: Call,
  { user, device }: Pick<MemberRecord, 'user' | 'device'>,
): void {
  if (ctx.self.media || device === undefined) return;
  call.unheard.add(deviceKey(user, device));
  ctx.startTimer(call, { kind: 'unheard', user, device }, durations.LINK_WAIT_MS);
}

/** A selected device has sent nothing for thirty seconds: asks it whether it is in. */
export function onUnheard(ctx: TransitionContext, call: Call, user: string, device: string): void {
  const { device: selected } = recordOf(call, user) ?? {};
  if (!call.unheard.delete(deviceKey(user, device)) || selected !== device) return;
  if (ctx.online) queryLeft(ctx, call, user, Infinity);
  else awaitSelected(ctx, call, { user, device });
}
