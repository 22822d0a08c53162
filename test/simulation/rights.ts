import {
  isBack,
  isIn,
  isLinked,
  isTakenBack,
  linkOf,
  recordOf,
} from '../../src/core/machine/call.js';
import { isPending, isRejected, wasIn } from '../../src/core/machine/record-order.js';
import type { Call } from '../../src/core/machine/types.js';
import type {
  Delivered,
  MemberRecord,
  Message,
  MessageOf,
} from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';

/** Whether a message concerns only the user who sends it, and no call. */
export const isWithoutCall = (
  message: Message,
): message is MessageOf<'seen' | 'history' | 'busy' | 'preferences'> =>
  ['seen', 'history', 'busy', 'preferences'].includes(message.type);

/** What the attacker's legitimate actions give it in a call, now or later: deferred messages count then. */
export interface Involvement {
  readonly invited: boolean;
  readonly inside: boolean;
  /** Whether the page that receives a message has just come back into the call, and the attacker has not replied yet that it is in. */
  readonly isReplyAwaited: boolean;
  /** Whether its own page invites this user in this round, at any time: it coordinates that invitation. */
  opens(user: string, round: number): boolean;
  /** Whether it was still in after this user left, or after this user answered or missed an invitation. */
  outlasts(user: string): boolean;
}

/**
 * Whether the attacker may send this to `page` by the authority table in docs/protocol.md, or `page` alone cannot
 * detect the violation. Such messages are not delivered when the runs with and without false messages are compared,
 * because legitimate messages change the result. All other false messages must have no effect.
 */
export function isAllowedForLiar(
  page: Page,
  message: Delivered,
  liar: string,
  later: Involvement,
): boolean {
  const call = page.state.calls.get(message.callID);
  if (isWithoutCall(message)) return false;
  if (!call || call.phase === 'early') {
    // A device that does not know the call cannot know whether its inviter is in it. The server can.
    if (message.type === 'invite') return true;
    return later.inside || (later.invited && isAboutItself(message, liar));
  }
  if (message.type === 'end') return call.initiator === liar && call.endWithInitiator;
  // The remaining time of its own invitation.
  const ofItsOwn = ({ user }: { user: string }) => recordOf(call, user)?.inviter === liar;
  if (message.remaining.some(ofItsOwn)) return true;
  // A page that asks everybody has reconnected: the other device rebuilds its link to that page, and no other one.
  const { from, toDevice } = message;
  if (message.type === 'sync' && !toDevice && linkOf(call, liar, from.deviceID)) return true;
  // A deferred statement that an invitation is open, accepted or over counts once the attacker has placed it.
  const isNext = ({ user, round }: MemberRecord) => round > (recordOf(call, user)?.round ?? 0);
  const isOfItsInvitation = (record: MemberRecord) =>
    record.user !== liar &&
    (isPending(record) || isRejected(record) || isNext(record)) &&
    later.opens(record.user, record.round);
  if (message.records.some(isOfItsInvitation)) return true;
  const own = recordOf(call, liar);
  const inside = own?.state === 'in' || call.initiator === liar || later.inside;
  const invited = later.invited || (own !== undefined && isPending(own));
  if (joins(message)) {
    return inside || invited || (own !== undefined && own.state !== 'canceled');
  }
  if (statesReturn(page, call, message, liar)) return true;
  // A device that waits to be admitted reports that in its response, and is admitted by the device that asked, even
  // if nobody else is left.
  if (inside && message.type === 'sync' && call.joining !== undefined) return true;
  // A user who was in reports that it is not in any more: a join ends early once all of them have.
  const isReport = message.type === 'sync' || message.type === 'state';
  if (isReport && isLastReport(call, page.user, liar)) return true;
  // A joining device knows earlier members: a selection by any member who has not rejected counts.
  const selects = message.type === 'select' && message.user === page.user;
  if (selects && call.joining !== undefined && own && !isRejected(own)) return true;
  // A member may give its own place away, to a user who is in or invited.
  const { transferTo } = message as { readonly transferTo?: { readonly user: string } };
  const target = transferTo && recordOf(call, transferTo.user);
  const isTransfer = target !== undefined && (isPending(target) || target.state === 'in');
  if (inside && isTransfer && !subjectsOf(message, liar).length) return true;
  if (inside || invited) {
    if (isAboutItself(message, liar)) return true;
    // Signals affect only its own link.
    if (message.type === 'signal' && !subjectsOf(message, liar).length) return true;
  }
  return (
    inside &&
    subjectsOf(message, liar).some(
      (user) =>
        mayDecide(page, call, user, liar) ||
        selectsAgain(page, call, message, user, liar) ||
        countsAsOut(page, call, message, liar, later) ||
        invitesAgain(page, call, message, user, later),
    )
  );
}

/** Whether this page joins, and all others who were in, except the attacker, have reported that they are not any more. */
function isLastReport({ joining, members }: Call, self: string, liar: string): boolean {
  const were = [...members.values()].flatMap(({ record }) => (wasIn(record) ? [record.user] : []));
  const isMissing = (user: string) => user !== self && !joining?.reports.includes(user);
  return joining !== undefined && were.filter(isMissing).join() === liar;
}

/**
 * Whether it states, like a join, that the sender is in by a later round, which this page may have missed, because it has just
 * come back: the page lets the sender in when the member who is said to have done that is not in any more.
 */
function statesReturn(
  { user: self, state, now }: Page,
  call: Call,
  { from, records }: Delivered,
  liar: string,
): boolean {
  const own = recordOf(call, liar);
  if (!own || isTakenBack(call, liar) || !isBack({ ...state, now }, call)) return false;
  return records.some(
    ({ user, round, state: stated, device, inviter }) =>
      user === liar &&
      stated === 'in' &&
      device === from.deviceID &&
      round > own.round &&
      inviter !== liar &&
      inviter !== self,
  );
}

const joins = (message: Delivered): boolean => 'join' in message && (message.join ?? false);

/** Whether it answers, leaves, or reports its own state. */
function isAboutItself(message: Delivered, liar: string): boolean {
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
      // An invited user who reports to be in, or to join, accepts the invitation by that.
      return ['accepting', 'in', 'over'].includes(message.phase) || joins(message);
    default:
      return false;
  }
}

/** The users that the message is about, except the sender. */
function subjectsOf(message: Delivered, liar: string): string[] {
  const named = message.type === 'cancel' || message.type === 'select' ? [message.user] : [];
  return [...named, ...message.records.map(({ user }) => user)].filter((user) => user !== liar);
}

/**
 * A member who is in invites users who are out, and decides about those whom it has invited, or whose inviter and
 * initiator have left.
 */
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
 * The inviter of a user selects a device. That it selects only one can't be proved: where two selections meet, one of the
 * two devices gives way.
 */
function selectsAgain(
  page: Page,
  call: Call,
  { records }: Delivered,
  user: string,
  liar: string,
): boolean {
  const known = recordOf(call, user);
  return (
    user !== page.user &&
    known?.inviter === liar &&
    records.some(
      (record) => record.user === user && record.state === 'in' && record.round === known.round,
    )
  );
}

/**
 * The coordinator of this page's user tells that they were considered lost, invited again, and that this has ended. It counts
 * after a reconnect until that coordinator replies, while no media flow.
 */
function countsAsOut(
  page: Page,
  call: Call,
  { records }: Delivered,
  liar: string,
  { isReplyAwaited }: Involvement,
): boolean {
  const known = recordOf(call, page.user);
  return (
    known?.inviter === liar &&
    isReplyAwaited &&
    !isLinked(call) &&
    records.some(
      (record) => record.user === page.user && isRejected(record) && record.round > known.round,
    )
  );
}

/**
 * A user who is in or invited, and leaves before the attacker does, may be invited again by it: statements about
 * that round count then.
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
