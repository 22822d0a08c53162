import type { MemberRecord, Sender } from '../../src/core/protocol/messages.js';
import type { Authorization, CallMessage } from './authority.js';
import { isOpen, mayJoin, rankOf, type CallKnowledge, type CallMember } from './call-knowledge.js';

type Allowed = Extract<Authorization, { isAllowed: true }>;

/** A message to relay, with its authorization. */
export interface Relay<M extends CallMessage = CallMessage> {
  readonly sender: Sender;
  readonly message: M;
  /** When the server received it, in ms since the epoch. */
  readonly at: number;
  readonly authorization: Allowed;
  readonly call: CallKnowledge;
}

/** The message for participants: with the authorized records, and verified display names. */
export function relayed<M extends CallMessage>(relay: Relay<M>): M {
  const { message, authorization } = relay;
  const { records } = authorization;
  const isWhole =
    records.size === message.records.length &&
    message.records.every((record, index) => records.get(index) === record);
  const named = withVerifiedNames(relay);
  return isWhole ? named : Object.assign({}, named, recordsOf(relay, records));
}

/** The message for other devices of the sender's user: all records, and verified display names. */
export function withVerifiedNames<M extends CallMessage>(relay: Relay<M>): M {
  const { message } = relay;
  if (message.names.length === 0) return message;
  const names = verifiedNames(relay);
  const isSame =
    names.length === message.names.length &&
    names.every((name, index) => name.userName === message.names[index]?.userName);
  return isSame ? message : Object.assign({}, message, { names });
}

/**
 * The message for a recipient who is not participating: only the recipient's own record, and the sender's record if the sender
 * has left. A user who asks about the call in order to join it also gets the record of the responder, who can admit the user.
 */
export function withOwnRecord(relay: Relay, user: string): CallMessage {
  const { sender, message, call } = relay;
  const isAnswerToJoin =
    message.type === 'state' && message.about !== undefined && mayJoin(call.members.get(user));
  const records = new Map(
    [...relay.authorization.records].filter(
      ([, one]) =>
        one.user === user || (one.user === sender.userID && (isAnswerToJoin || isOut(one))),
    ),
  );
  return Object.assign({}, message, recordsOf(relay, records), { names: [] });
}

const isOut = ({ state }: MemberRecord): boolean => rankOf(state) > 2 && state !== 'in';

function recordsOf({ message, call, authorization }: Relay, relayable: Allowed['records']) {
  const records = [...relayable.values()];
  const users = new Set(records.map(({ user }) => user));
  const memberOf = (user: string): CallMember | undefined =>
    authorization.changes.get(user) ?? call.members.get(user);
  const remaining = message.remaining.filter(
    ({ user }) => users.has(user) && (isOpen(memberOf(user)) || !memberOf(user)),
  );
  return { records, remaining };
}

/** The users, other than the sender, whose display names a message contains. */
export function namedIn({ names }: CallMessage, sender: string): string[] {
  const users: string[] = [];
  for (const { userID } of names) if (userID !== sender) users.push(userID);
  return users;
}

/**
 * Replaces the display names in a message, which the sender could forge, by the names that the server stamps on the users' own
 * messages. Omits users who are not members.
 */
function verifiedNames({ sender, message, call, authorization }: Relay): CallMessage['names'] {
  const names: CallMessage['names'] = [];
  for (const { userID } of message.names) {
    if (userID === sender.userID) {
      names.push({ userID, userName: sender.userName });
      continue;
    }
    const member = authorization.changes.get(userID) ?? call.members.get(userID);
    const isKnown = member ? member.state !== 'withheld' : call.named.has(userID);
    const userName = isKnown ? call.userNames.get(userID) : undefined;
    if (userName !== undefined && userName !== userID) names.push({ userID, userName });
  }
  return names;
}

/** The authorized record by which the sender's user leaves, if there is one. */
export const leftBy = (userID: string, { records }: Pick<Allowed, 'records'>) =>
  [...records.values()].find(({ user, state }) => user === userID && state === 'left');
