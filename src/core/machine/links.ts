import type { MessageOf, Delivered } from '../protocol/messages.js';
import * as durations from './durations.js';
import { deviceKey, isIn, linkOf, othersIn, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { callReport } from './call-report.js';
import type { TimerRef } from './timer-ref.js';
import type { Call, Link, MachineEvent } from './types.js';

/*
 * Media links: one between each pair of selected devices. The one who was invited by the other offers, else the one
 * with the lower userID; the other side waits for the offer, whose number is the link's.
 */

/** Whether this device makes the offer to `user`. */
export function offersTo(ctx: TransitionContext, call: Call, user: string): boolean {
  const invited = recordOf(call, ctx.me)?.inviter === user;
  const inviting = recordOf(call, user)?.inviter === ctx.me;
  // Each may have invited the other, in rounds of their own.
  return invited === inviting ? ctx.me < user : invited;
}

/** Opens the link to `device`, or waits for its offer. */
export function openLink(ctx: TransitionContext, call: Call, user: string, device: string): void {
  if (!ctx.self.media) return;
  const isOfferer = offersTo(ctx, call, user);
  const old = linkOf(call, user, device);
  if (old) {
    // Who invited whom may be heard late: until then both may have offered, or waited.
    if (old.isRoleFixed || old.isOfferer === isOfferer || old.state === 'up') return;
    drop(ctx, call, old);
    old.number = undefined;
    old.isOfferer = isOfferer;
    if (isOfferer) build(ctx, call, old);
    return;
  }
  // In the place of another device, as after a reload: to the people that one comes back.
  const before = ctx.before.calls.get(call.id)?.members.get(user)?.record;
  const state = before?.state === 'in' && before.device !== device ? 'down' : 'opening';
  const link: Link = {
    ...{ user, device, number: undefined, state, isOfferer, isRoleFixed: false },
    ...{ timerNumber: undefined, isProbing: false },
  };
  call.links.set(deviceKey(user, device), link);
  awaitLink(ctx, call, link);
  if (isOfferer) build(ctx, call, link);
  else startRelink(ctx, call, link, durations.RELINK_WAIT_MS);
}

/** Builds a link under a number that is higher than all before, and that the other side never draws. */
function build(ctx: TransitionContext, call: Call, link: Link, number?: number): void {
  const { user, device, isOfferer } = link;
  drop(ctx, call, link);
  link.number = number ?? 2 * ++ctx.serial + Number(ctx.me < user);
  // One that was up stays down for the people until it is up again.
  if (link.state === 'up') link.state = 'down';
  ctx.effect({
    type: 'open-link',
    callID: call.id,
    user,
    device,
    link: link.number,
    initiator: isOfferer,
  });
  // Its signals may have been lost with a connection: what does not come up is built anew.
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

/** Starts the time within which a link must come up. A rebuild does not start it again. */
function awaitLink(ctx: TransitionContext, call: Call, link: Link): void {
  if (link.timerNumber !== undefined) return;
  link.timerNumber = ++ctx.serial;
  const { user, device } = link;
  ctx.startTimer(
    call,
    { kind: 'link', user, device, link: link.timerNumber },
    durations.LINK_WAIT_MS,
  );
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

/** Links this device to everybody who is in, and to nobody else. */
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

/** After a reconnect of either side: what was signalled in between is lost, so a link that is not up is built anew. */
export function rebuildLink(ctx: TransitionContext, call: Call, link: Link | undefined): void {
  if (link?.isOfferer && link.state !== 'up') build(ctx, call, link);
}

/** An offer, an answer or a candidate. It counts for the link to the user and device that sent it, and for no other. */
export function onSignal(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'signal'>>,
): void {
  const { userID: user, deviceID: device } = message.from;
  const link = linkOf(call, user, device);
  if (!link) return;
  const { data } = message;
  if (data['type'] === 'offer' && link.isOfferer && link.state !== 'up' && user < ctx.me)
    yieldTo(ctx, call, link);
  if (!link.isOfferer && message.link > (link.number ?? 0)) build(ctx, call, link, message.link);
  if (message.link === link.number)
    ctx.effect({ type: 'signal-link', callID: call.id, user, device, link: link.number, data });
}

/**
 * Who invited whom may be known differently at the two ends, and then both offer or both wait. The one with the lower
 * userID offers in the end, and the role stays.
 */
function fixRole(link: Link, isOfferer: boolean): void {
  link.isRoleFixed = true;
  link.isOfferer = isOfferer;
}

/** Gives the own offer up for that of the other side. */
function yieldTo(ctx: TransitionContext, call: Call, link: Link): void {
  drop(ctx, call, link);
  link.number = undefined;
  fixRole(link, false);
}

/** What the media say of a link. A report about an older number fits nothing. */
export function onLink(
  ctx: TransitionContext,
  call: Call,
  { type, user, device, link: number }: MachineEvent & { type: `link.${'up' | 'down' | 'failed'}` },
): void {
  const link = linkOf(call, user, device);
  if (!link || link.number !== number) return;
  if (type === 'link.up') {
    link.state = 'up';
    link.timerNumber = undefined;
    link.isProbing = false;
    call.startedAt ??= ctx.now;
    return;
  }
  const wasUp = link.state === 'up';
  link.state = 'down';
  if (call.phase !== 'in') return;
  awaitLink(ctx, call, link);
  // The link may be down because the other side is gone: ask at once.
  if (wasUp && ctx.online) ask(ctx, call, user, device);
  if (type === 'link.failed' && link.isOfferer)
    startRelink(ctx, call, link, durations.RELINK_PAUSE_MS);
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

/** A link that did not come up, or has failed, is built anew under a higher number. */
export function onRelinkTimer(
  ctx: TransitionContext,
  call: Call,
  { user = '', device = '', link: number }: TimerRef,
): void {
  const link = linkOf(call, user, device);
  if (!link || link.number !== number || link.state === 'up') return;
  // No offer has come: the other side may be waiting, too.
  if (!link.isOfferer && number === undefined && ctx.me < user) fixRole(link, true);
  if (!link.isOfferer) return;
  if (ctx.online) build(ctx, call, link);
  else startRelink(ctx, call, link, durations.RELINK_PAUSE_MS);
}

/**
 * The link timer (thirty seconds without a link) and the probe timer (six seconds for an answer).
 * @returns what became certain: the other device is gone, or this one reaches nobody
 */
export function onLinkTimer(
  ctx: TransitionContext,
  call: Call,
  { kind, user = '', device = '', link: waiting = 0 }: TimerRef,
): 'gone' | 'connection-lost' | 'media-failed' | undefined {
  const link = linkOf(call, user, device);
  if (!link || link.timerNumber !== waiting || !isIn(call, user)) return undefined;
  const linked = [...call.links.values()].some((other) => other.state === 'up');
  const again = (next: 'link' | 'probe', ms: number): undefined => {
    ctx.startTimer(call, { kind: next, user, device, link: waiting }, ms);
  };
  if (!ctx.online) return linked ? again('link', durations.LINK_WAIT_MS) : 'connection-lost';
  if (kind === 'link') {
    link.isProbing = true;
    ask(ctx, call, user, device);
    return again('probe', durations.SYNC_ANSWER_WAIT_MS);
  }
  if (link.isProbing) {
    link.isProbing = false;
    return 'gone';
  }
  return linked ? again('link', durations.LINK_WAIT_MS) : 'media-failed';
}
