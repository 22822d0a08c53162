import type { MemberRecord } from '../src/core/protocol/messages.js';
import type { Authorization, CallMessage } from './authority.js';
import { isOpen, rankOf, type CallKnowledge, type CallMember } from './call-knowledge.js';
import type { Stamped } from './stamp.js';

type Allowed = Extract<Authorization, { isAllowed: true }>;

/** What a message is relayed by. */
export interface Relay {
  readonly message: CallMessage;
  /** The same as its sender sent it, stamped: with fields that this server need not know. */
  readonly stamped: Stamped;
  readonly authorization: Allowed;
  readonly call: CallKnowledge;
}

/** The message as it goes out: with what its sender may say of others, and names that are proved. */
export function relayed(relay: Relay): Stamped {
  const { message, stamped, authorization } = relay;
  const { records } = authorization;
  const isWhole =
    records.size === message.records.length &&
    message.records.every((record, index) => records.get(index) === record);
  const parts = {
    ...(!isWhole && withRecords(relay, records)),
    ...(message.names.length > 0 && { names: provedNames(relay) }),
  };
  return isWhole && message.names.length === 0 ? stamped : Object.assign({}, stamped, parts);
}

/** The message for another device of its sender: nobody else hears of it. */
export function forOwnDevices(relay: Relay): Stamped {
  if (relay.message.names.length === 0) return relay.stamped;
  return Object.assign({}, relay.stamped, { names: provedNames(relay) });
}

/** The message for one who is not in the call: the own record alone, and whether its sender is out. */
export function withOwnRecord(relay: Relay, user: string): Stamped {
  const { userID } = relay.stamped.from;
  const records = new Map(
    [...relay.authorization.records].filter(
      ([, one]) => one.user === user || (one.user === userID && isOut(one)),
    ),
  );
  return Object.assign({}, relay.stamped, withRecords(relay, records), { names: [] });
}

const isOut = ({ state }: MemberRecord): boolean => rankOf(state) > 2 && state !== 'in';

function withRecords({ message, stamped, call, authorization }: Relay, kept: Allowed['records']) {
  const raw = stamped['records'] as readonly MemberRecord[];
  const records = [...kept].map(([index, record]) => {
    if (record === message.records[index]) return raw[index];
    const { customData: _, ...rest } = raw[index] as MemberRecord;
    const { customData, inviter } = record;
    return { ...rest, inviter, ...(customData !== undefined && { customData }) };
  });
  const users = new Set([...kept.values()].map(({ user }) => user));
  const memberOf = (user: string): CallMember | undefined =>
    authorization.changes.get(user) ?? call.members.get(user);
  const remaining = message.remaining.filter(
    ({ user }) => users.has(user) && (isOpen(memberOf(user)) || !memberOf(user)),
  );
  return { records, remaining };
}

/** Users whose names a message carries, its sender apart, that may be looked up. */
export const namedIn = ({ names }: CallMessage, sender: string): string[] =>
  names.flatMap(({ userID }) => (userID === sender ? [] : [userID]));

/**
 * A sender could call anybody anything: each user is shown by the name that the server stamps on that user's own
 * messages, or by the userID. Of users who are no members nothing is told.
 */
function provedNames({ message, stamped, call, authorization }: Relay) {
  const { from } = stamped;
  return message.names.flatMap(({ userID }) => {
    if (userID === from.userID) return [{ userID, userName: from.userName }];
    const member = authorization.changes.get(userID) ?? call.members.get(userID);
    const isKnown = member ? member.state !== 'withheld' : call.named.has(userID);
    const userName = isKnown ? call.userNames.get(userID) : undefined;
    return userName === undefined || userName === userID ? [] : [{ userID, userName }];
  });
}
