import { isIn, recordOf } from '../../src/core/machine/call.js';
import { isPending, isRejected } from '../../src/core/machine/record-order.js';
import type { Call } from '../../src/core/machine/types.js';
import type { Delivered } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';

/** How far the liar's honest moves bring it into a call, now or later: what is kept until then counts then. */
export interface Involvement {
  readonly invited: boolean;
  readonly inside: boolean;
  /** It is still in when this user has left, or has answered or missed an invitation. */
  outlasts(user: string): boolean;
}

/**
 * Whether the liar may say this to `page`, by the table of who may say what in docs/protocol.md, or `page` alone
 * cannot know better. Such a message is not passed on where the honest are compared with themselves in a world without
 * lies: what a liar does by right changes that world. Everything else must come to nothing.
 */
export function mayLiarSay(
  page: Page,
  message: Delivered,
  liar: string,
  later: Involvement,
): boolean {
  const call = page.state.calls.get(message.callID);
  if (message.type === 'seen') return false;
  if (!call || call.phase === 'early') {
    // A device that knows nothing of the call cannot know whether its inviter is in it. The server can.
    if (message.type === 'invite') return true;
    return later.inside || (later.invited && speaksOfItself(message, liar));
  }
  if (message.type === 'end') return call.initiator === liar && call.endWithInitiator;
  // How long its own invitation lasts.
  const ofItsOwn = ({ user }: { user: string }) => recordOf(call, user)?.inviter === liar;
  if (message.remaining.some(ofItsOwn)) return true;
  const own = recordOf(call, liar);
  const inside = own?.state === 'in' || call.initiator === liar || later.inside;
  const invited = later.invited || (own !== undefined && isPending(own));
  if ('join' in message && message.join) {
    return inside || invited || (own !== undefined && own.state !== 'canceled');
  }
  // Whoever waits to be let in tells so by its answer, and is let in by the one who asks, also where nobody else is left.
  if (inside && message.type === 'sync' && call.joining !== undefined) return true;
  // Whoever joins knows of old who is in: a selection by any member who has not refused counts.
  const selects = message.type === 'select' && message.user === page.user;
  if (selects && call.joining !== undefined && own && !isRejected(own)) return true;
  if (inside || invited) {
    if (speaksOfItself(message, liar)) return true;
    // What it does to its own link.
    if (message.type === 'signal' && !subjectsOf(message, liar).length) return true;
  }
  return (
    inside &&
    subjectsOf(message, liar).some(
      (user) => mayDecide(page, call, user, liar) || invitesAgain(page, call, message, user, later),
    )
  );
}

/** It answers, leaves, or says how it stands itself. */
function speaksOfItself(message: Delivered, liar: string): boolean {
  if (message.records.some(({ user }) => user === liar)) return true;
  switch (message.type) {
    case 'accept':
    case 'ringing':
    case 'decline':
      return true;
    case 'leave':
      return message.gaveUp === true;
    case 'sync':
    case 'state':
      // One who is invited and says that it is in accepts by this.
      return ['accepting', 'in', 'over'].includes(message.phase);
    default:
      return false;
  }
}

/** Of whom it speaks beside itself. */
function subjectsOf(message: Delivered, liar: string): string[] {
  const named = message.type === 'cancel' || message.type === 'select' ? [message.user] : [];
  return [...named, ...message.records.map(({ user }) => user)].filter((user) => user !== liar);
}

/** One who is in invites whoever is out, and decides about whom it has invited, or whose inviter and initiator left. */
function mayDecide(page: Page, call: Call, user: string, liar: string): boolean {
  const there = (name: string) =>
    name === page.user ? call.phase === 'in' : name !== liar && isIn(call, name);
  const record = recordOf(call, user);
  if (!record) return true;
  if (record.state === 'in') return !there(user) && user !== page.user;
  if (!isPending(record) || record.inviter === liar) return true;
  return !there(record.inviter) && !there(call.initiator);
}

/**
 * One who is in, or invited, and is so no more before the liar leaves, may be invited again by it: what is said of that
 * round counts then.
 */
function invitesAgain(
  page: Page,
  call: Call,
  { records }: Delivered,
  user: string,
  later: Involvement,
): boolean {
  const known = recordOf(call, user);
  const isOver = known === undefined || !(known.state === 'in' || isPending(known));
  if (isOver || user === page.user || !later.outlasts(user)) return false;
  return records.some((record) => record.user === user && record.round > known.round);
}
