import type { MessageOf, Delivered } from '../protocol/messages.js';
import * as durations from './durations.js';
import { answerWait, deviceKey, isIn, linkOf, othersIn, othersPending, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { callReport } from './call-report.js';
import type { TimerRef } from './timer-ref.js';
import type { MachineEvent } from './events.js';
import type { Call, Link } from './types.js';

/*
 * Media links: one between each pair of selected devices. The offerer is the user who was invited by the other one,
 * else the user with the lower userID. The other side waits for the offer, which contains the number of the link.
 */

/** Whether this device makes the SDP offer to `user`. */
export function offersTo(ctx: TransitionContext, call: Call, user: string): boolean {
  const invited = recordOf(call, ctx.me)?.inviter === user;
  const inviting = inviterOf(call, user) === ctx.me;
  // Each user may have invited the other one, in different rounds.
  return invited === inviting ? ctx.me < user : invited;
}

/**
 * @returns who has invited a user who is in. What that user's device states counts, because both sides must conclude
 * the same from it
 */
function inviterOf({ members }: Call, user: string): string | undefined {
  const member = members.get(user);
  if (!member) return undefined;
  const { record, statedInviter } = member;
  return statedInviter?.device === record.device ? statedInviter?.inviter : record.inviter;
}

/** Notes the inviter that a device states for its own user. */
export function noteInviter(call: Call, { from, records }: Delivered): void {
  const member = call.members.get(from.userID);
  if (!member) return;
  const { state, round, device } = member.record;
  // Another device of the user may have received another invitation first.
  if (state === 'in' && device !== from.deviceID) return;
  const own = records.find((record) => record.user === from.userID && record.round === round);
  if (own) member.statedInviter = { device: from.deviceID, inviter: own.inviter };
}

/** Opens the link to a device, or waits for its offer. */
export function openLink(ctx: TransitionContext, call: Call, user: string, device: string): void {
  if (!ctx.self.media) return;
  const isOfferer = offersTo(ctx, call, user);
  const old = linkOf(call, user, device);
  if (old) {
    // The record of who invited whom may arrive late: until then both may have offered, or waited.
    if (old.isIntercepted || old.isRoleFixed || old.isOfferer === isOfferer || old.state === 'up')
      return;
    drop(ctx, call, old);
    old.number = undefined;
    old.isOfferer = isOfferer;
    if (isOfferer) build(ctx, call, old);
    return;
  }
  // It is being asked whether it has left.
  if (call.leaveQueries.has(deviceKey(user, device))) return;
  // A link that replaces one to another device of the user, as after a reload, is shown as `reconnecting`.
  const before = ctx.before.calls.get(call.id)?.members.get(user)?.record;
  const state = before?.state === 'in' && before.device !== device ? 'down' : 'opening';
  const link: Link = {
    ...{ user, device, number: undefined, state, isOfferer, isRoleFixed: false },
    ...{ timerNumber: undefined, isProbing: false, isIntercepted: false },
  };
  call.links.set(deviceKey(user, device), link);
  awaitLink(ctx, call, link);
  if (isOfferer) build(ctx, call, link);
  else startRelink(ctx, call, link, durations.RELINK_WAIT_MS);
}

/** Builds a link with a number that is higher than all before, and that the other side never generates. */
function build(ctx: TransitionContext, call: Call, link: Link, number?: number): void {
  const { user, device, isOfferer } = link;
  drop(ctx, call, link);
  link.number = number ?? 2 * ++ctx.serial + Number(ctx.me < user);
  // A link that was up is shown as `reconnecting` until it is up again.
  if (link.state === 'up') link.state = 'down';
  ctx.effect({
    type: 'open-link',
    callID: call.id,
    user,
    device,
    link: link.number,
    initiator: isOfferer,
  });
  // Signalling data may be lost with a connection: a link that does not come up is rebuilt.
  if (isOfferer) startRelink(ctx, call, link, durations.RELINK_WAIT_MS);
}

function drop(ctx: TransitionContext, call: Call, { user, device, number: link }: Link): void {
  if (link) ctx.effect({ type: 'close-link', callID: call.id, user, device, link });
}

function startRelink(
  ctx: TransitionContext,
  call: Call,
  { user, device, number: link }: Link,
  ms: number,
): void {
  ctx.startTimer(call, { kind: 'relink', user, device, link }, ms);
}

/** With the probe, a link that was up and is interrupted has thirty seconds to come up again. */
const linkWait = ({ state }: Link): number =>
  state === 'down'
    ? durations.LINK_WAIT_MS - durations.SYNC_ANSWER_WAIT_MS
    : durations.LINK_WAIT_MS;

/** Starts the timer within which a link must come up. A rebuild does not restart it. */
function awaitLink(ctx: TransitionContext, call: Call, link: Link): void {
  if (link.timerNumber !== undefined) return;
  link.timerNumber = ++ctx.serial;
  const { user, device } = link;
  ctx.startTimer(call, { kind: 'link', user, device, link: link.timerNumber }, linkWait(link));
}

export function closeLink(ctx: TransitionContext, call: Call, user: string, device: string): void {
  const link = linkOf(call, user, device);
  if (!link) return;
  drop(ctx, call, link);
  call.links.delete(deviceKey(user, device));
}

export function closeLinks(ctx: TransitionContext, call: Call): void {
  for (const { user, device } of [...call.links.values()]) closeLink(ctx, call, user, device);
}

/** Opens links to all users who are in, and closes all others. */
export function linkMembers(ctx: TransitionContext, call: Call): void {
  const wanted = new Set<string>();
  for (const user of othersIn(call, ctx.me)) {
    const device = recordOf(call, user)?.device ?? '';
    wanted.add(deviceKey(user, device));
    openLink(ctx, call, user, device);
  }
  for (const [key, { user, device }] of [...call.links])
    if (!wanted.has(key)) closeLink(ctx, call, user, device);
}

/** Rebuilds a link that is not up after a reconnect of either side: signalling data may have been lost meanwhile. */
export function rebuildLink(ctx: TransitionContext, call: Call, link: Link | undefined): void {
  if (link?.isOfferer && link.state !== 'up' && !link.isIntercepted) build(ctx, call, link);
}

/** Passes an offer, an answer or a candidate to the link to its sender, and to no other link. */
export function onSignal(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'signal'>>,
): void {
  const { userID: user, deviceID: device } = message.from;
  const link = linkOf(call, user, device);
  if (!link || link.isIntercepted) return;
  const { data } = message;
  if (data['type'] === 'offer' && link.isOfferer && link.state !== 'up' && user < ctx.me)
    yieldTo(ctx, call, link);
  if (!link.isOfferer && message.link > (link.number ?? 0)) build(ctx, call, link, message.link);
  if (message.link === link.number)
    ctx.effect({ type: 'signal-link', callID: call.id, user, device, link: link.number, data });
}

/**
 * The two sides may have different records of who invited whom, and then both offer or both wait. In this case the user
 * with the lower userID is the offerer, and the roles do not change any more.
 */
function fixRole(link: Link, isOfferer: boolean): void {
  link.isRoleFixed = true;
  link.isOfferer = isOfferer;
}

/**
 * The other side has answered this device's offer: the two agree on who offers, whatever they learn about inviters later.
 */
export function noteAgreedRole(
  call: Call,
  { from, link: number }: Delivered<MessageOf<'signal'>>,
): void {
  const link = linkOf(call, from.userID, from.deviceID);
  if (link?.isOfferer && link.number === number) link.isRoleFixed = true;
}

/** Drops the own offer in favour of that of the other side. */
function yieldTo(ctx: TransitionContext, call: Call, link: Link): void {
  drop(ctx, call, link);
  link.number = undefined;
  fixRole(link, false);
}

/**
 * Handles an event of a media link. Events with an older number are ignored.
 * @returns `media-failed` if all links of the call are intercepted, and nobody else is invited
 */
export function onLink(
  ctx: TransitionContext,
  call: Call,
  event: MachineEvent & { type: `link.${'progress' | 'up' | 'down' | 'failed'}` },
): 'media-failed' | undefined {
  const { type, user, device, link: number, isIntercepted = false } = event;
  const link = linkOf(call, user, device);
  if (!link || link.number !== number) return undefined;
  if (type === 'link.progress') {
    // Its signalling data were not lost, so it gets more time. ICE itself reports a link that does not come up.
    if (link.isOfferer && link.state !== 'up')
      startRelink(ctx, call, link, durations.RELINK_WAIT_MS);
    return undefined;
  }
  if (type === 'link.up') {
    link.state = 'up';
    link.timerNumber = undefined;
    link.isProbing = false;
    call.startedAt ??= ctx.now;
    return undefined;
  }
  const wasUp = link.state === 'up';
  link.state = 'down';
  link.isIntercepted = isIntercepted;
  awaitLink(ctx, call, link);
  // The link may be down because the other device is lost: ask it without delay.
  const isInCall = call.phase === 'in';
  if (isInCall && wasUp && ctx.online) ask(ctx, call, user, device);
  if (isIntercepted) {
    // A device that is not in the call yet learns of the others only when it is selected.
    if (!isInCall) return undefined;
    const isAlone = [...call.links.values()].every((other) => other.isIntercepted);
    return isAlone && !othersPending(call, ctx.me).length ? 'media-failed' : undefined;
  }
  if (type !== 'link.failed') return;
  // The other side may be waiting as well.
  if (link.isOfferer) startRelink(ctx, call, link, durations.RELINK_PAUSE_MS);
  else if (ctx.me < user) startRelink(ctx, call, link, durations.RELINK_WAIT_MS);
  return undefined;
}

/** Sends a `sync` to one device of a member. */
export function ask(
  ctx: TransitionContext,
  call: Call,
  user: string,
  toDevice: string | undefined,
): void {
  if (toDevice !== undefined)
    ctx.sendAll(call, [user], { type: 'sync', toDevice, ...callReport(ctx, call) });
}

/** Rebuilds a link that did not come up or has failed, with a higher number. */
export function onRelinkTimer(
  ctx: TransitionContext,
  call: Call,
  { user = '', device = '', link: number }: TimerRef,
): void {
  const link = linkOf(call, user, device);
  if (!link || link.number !== number || link.state === 'up' || link.isIntercepted) return;
  // No offer has arrived, at first or after the link has failed: the other side may be waiting as well.
  if (!link.isOfferer && ctx.me < user) fixRole(link, true);
  if (!link.isOfferer) return;
  if (ctx.online) build(ctx, call, link);
  else startRelink(ctx, call, link, durations.RELINK_PAUSE_MS);
}

/**
 * Handles the link timer (30 seconds without a link, or 24 seconds after it was interrupted) and the probe timer (6
 * seconds for an answer).
 * @returns the conclusion, if there is one: the other device is lost, or this device reaches no other one
 */
export function onLinkTimer(
  ctx: TransitionContext,
  call: Call,
  { kind, user = '', device = '', link: waiting = 0 }: TimerRef,
): 'unresponsive' | 'connection-lost' | 'media-failed' | undefined {
  const link = linkOf(call, user, device);
  if (!link || link.timerNumber !== waiting || !isIn(call, user)) return undefined;
  // A member whose link is intercepted decides nothing while the call has others.
  const linked = [...call.links.values()].some(
    (other) => other.state === 'up' || (link.isIntercepted && !other.isIntercepted),
  );
  const again = (next: 'link' | 'probe', ms: number): undefined => {
    ctx.startTimer(call, { kind: next, user, device, link: waiting }, ms);
  };
  if (!ctx.online) {
    if (linked) return again('link', durations.LINK_WAIT_MS);
    const isEarly = kind === 'link' && link.state === 'down';
    // After a reconnect, the device is asked by the `sync` to all.
    link.isProbing ||= isEarly;
    return isEarly ? again('probe', durations.SYNC_ANSWER_WAIT_MS) : 'connection-lost';
  }
  if (kind === 'link') {
    link.isProbing = true;
    ask(ctx, call, user, device);
    return again('probe', durations.SYNC_ANSWER_WAIT_MS);
  }
  if (link.isProbing) {
    const wait = answerWait(ctx, call);
    if (wait > 0) return again('probe', wait);
    link.isProbing = false;
    return 'unresponsive';
  }
  return linked ? again('link', durations.LINK_WAIT_MS) : 'media-failed';
}
