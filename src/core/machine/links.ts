import type { MessageOf, Delivered } from '../protocol/messages.js';
import * as durations from './durations.js';
import { isIn, othersIn, recordOf } from './call.js';
import type { Draft } from './draft.js';
import { standing } from './standing.js';
import type { Call, Link } from './types.js';

/*
 * Media links: one between each pair of selected devices. The one who was invited by the other offers, else the one
 * with the lower userID; the other side waits for the offer, whose number is the link's.
 */

/** Whether this device makes the offer to `user`. */
export function offersTo(d: Draft, call: Call, user: string): boolean {
  const invited = recordOf(call, d.me)?.inviter === user;
  const inviting = recordOf(call, user)?.inviter === d.me;
  // Each may have invited the other, in rounds of their own.
  return invited === inviting ? d.me < user : invited;
}

/** Opens the link to `device`, or waits for its offer. */
export function openLink(d: Draft, call: Call, user: string, device: string): void {
  if (!d.self.media) return;
  const initiator = offersTo(d, call, user);
  const old = call.links.get(device);
  if (old) {
    // Who invited whom may be heard late: until then both may have offered, or waited.
    if (old.initiator === initiator || old.state === 'up') return;
    drop(d, call, device, old);
    old.number = 0;
    old.initiator = initiator;
    if (initiator) build(d, call, device, old);
    return;
  }
  // In the place of another device, as after a reload: to the people that one comes back.
  const before = d.before.calls.get(call.id)?.members.get(user)?.record;
  const state = before?.state === 'in' && before.device !== device ? 'down' : 'opening';
  const link: Link = { user, number: 0, state, initiator, waiting: 0, probing: false };
  call.links.set(device, link);
  awaitLink(d, call, device, link);
  if (initiator) build(d, call, device, link);
}

/** Builds a link under a number that is higher than all before, and that the other side never draws. */
function build(d: Draft, call: Call, device: string, link: Link, number?: number): void {
  const { user, initiator } = link;
  drop(d, call, device, link);
  link.number = number ?? 2 * ++d.serial + Number(d.me < user);
  // One that was up stays down for the people until it is up again.
  if (link.state === 'up') link.state = 'down';
  d.act({ type: 'open-link', callID: call.id, user, device, link: link.number, initiator });
  // Its signals may have been lost with a connection: what does not come up is built anew.
  if (initiator) startRelink(d, call, device, link, durations.RELINK_WAIT);
}

function drop(d: Draft, call: Call, device: string, link: Link): void {
  if (link.number) d.act({ type: 'close-link', callID: call.id, device, link: link.number });
}

function startRelink(d: Draft, call: Call, device: string, link: Link, ms: number): void {
  d.startTimer(call, { kind: 'relink', device, link: link.number }, ms);
}

/** Starts the time within which a link must come up. A rebuild does not start it again. */
function awaitLink(d: Draft, call: Call, device: string, link: Link): void {
  if (link.waiting) return;
  link.waiting = ++d.serial;
  d.startTimer(call, { kind: 'link', device, link: link.waiting }, durations.LINK_WAIT);
}

export function closeLink(d: Draft, call: Call, device: string): void {
  const link = call.links.get(device);
  if (!link) return;
  drop(d, call, device, link);
  call.links.delete(device);
}

export function closeLinks(d: Draft, call: Call): void {
  for (const device of [...call.links.keys()]) closeLink(d, call, device);
}

/** Links this device to everybody who is in, and to nobody else. */
export function linkMembers(d: Draft, call: Call): void {
  const wanted = new Set<string>();
  for (const user of othersIn(call, d.me)) {
    const device = recordOf(call, user)?.device ?? '';
    wanted.add(device);
    openLink(d, call, user, device);
  }
  for (const device of [...call.links.keys()]) if (!wanted.has(device)) closeLink(d, call, device);
}

/** After a reconnect of either side: what was signalled in between is lost, so a link that is not up is built anew. */
export function rebuildLink(d: Draft, call: Call, device: string): void {
  const link = call.links.get(device);
  if (link?.initiator && link.state !== 'up') build(d, call, device, link);
}

/** An offer, an answer or a candidate of the other device. */
export function onSignal(d: Draft, call: Call, message: Delivered<MessageOf<'signal'>>): void {
  const device = message.from.deviceID;
  const link = call.links.get(device);
  if (!link) return;
  if (!link.initiator && message.link > link.number) build(d, call, device, link, message.link);
  if (message.link === link.number)
    d.act({ type: 'signal-link', callID: call.id, device, link: link.number, data: message.data });
}

/** What the media say of a link. A report about an older number fits nothing. */
export function onLink(
  d: Draft,
  call: Call,
  report: 'link.up' | 'link.down' | 'link.failed',
  device: string,
  number: number,
): void {
  const link = call.links.get(device);
  if (!link || link.number !== number) return;
  if (report === 'link.up') {
    link.state = 'up';
    link.waiting = 0;
    link.probing = false;
    call.startedAt ??= d.now;
    return;
  }
  const wasUp = link.state === 'up';
  link.state = 'down';
  if (call.phase !== 'in') return;
  awaitLink(d, call, device, link);
  // The link may be down because the other side is gone: ask at once.
  if (wasUp && d.online) ask(d, call, link.user, device);
  if (report === 'link.failed' && link.initiator)
    startRelink(d, call, device, link, durations.RELINK_PAUSE);
}

/** Sends a `sync` to one device of a member. */
export function ask(d: Draft, call: Call, user: string, toDevice: string | undefined): void {
  if (toDevice !== undefined)
    d.sayAll(call, [user], { type: 'sync', toDevice, ...standing(d, call) });
}

/** A link that did not come up, or has failed, is built anew under a higher number. */
export function onRelinkTimer(d: Draft, call: Call, device: string, number: number): void {
  const link = call.links.get(device);
  if (!link || link.number !== number || link.state === 'up' || !link.initiator) return;
  if (d.online) build(d, call, device, link);
  else startRelink(d, call, device, link, durations.RELINK_PAUSE);
}

/**
 * The link timer (thirty seconds without a link) and the probe timer (six seconds for an answer).
 * @returns what became certain: the other device is gone, or this one reaches nobody
 */
export function onLinkTimer(
  d: Draft,
  call: Call,
  kind: 'link' | 'probe',
  device: string,
  waiting: number,
): 'gone' | 'connection-lost' | 'media-failed' | undefined {
  const link = call.links.get(device);
  if (!link || link.waiting !== waiting || !isIn(call, link.user)) return undefined;
  const linked = [...call.links.values()].some((other) => other.state === 'up');
  const again = (next: 'link' | 'probe', ms: number): undefined => {
    d.startTimer(call, { kind: next, device, link: waiting }, ms);
  };
  if (!d.online) return linked ? again('link', durations.LINK_WAIT) : 'connection-lost';
  if (kind === 'link') {
    link.probing = true;
    ask(d, call, link.user, device);
    return again('probe', durations.PROBE_WAIT);
  }
  if (link.probing) {
    link.probing = false;
    return 'gone';
  }
  return linked ? again('link', durations.LINK_WAIT) : 'media-failed';
}
