import type { MemberRecord, Sender } from '../../src/core/protocol/messages.js';
import type { Authorization, CallMessage } from './authority.js';
import { isOpen, mayJoin, rankOf, type CallKnowledge, type CallMember } from './call-knowledge.js';

type Allowed = Extract<Authorization, { isAllowed: true }>;

/** What a message is relayed by. */
export interface Relay<M extends CallMessage = CallMessage> {
  readonly sender: Sender;
  readonly message: M;
  /** When the server has received it. */
  readonly at: number;
  readonly authorization: Allowed;
  readonly call: CallKnowledge;
}

/** The message as it goes out: with what its sender may say of others, and names that are proved. */
export function relayed<M extends CallMessage>(relay: Relay<M>): M {
  const { message, authorization } = relay;
  const { records } = authorization;
  const isWhole =
    records.size === message.records.length &&
    message.records.every((record, index) => records.get(index) === record);
  const named = withProvedNames(relay);
  return isWhole ? named : Object.assign({}, named, recordsOf(relay, records));
}

/** The message for another device of its sender: nobody else hears of it. */
export function withProvedNames<M extends CallMessage>(relay: Relay<M>): M {
  const { message } = relay;
  if (message.names.length === 0) return message;
  const names = provedNames(relay);
  const isSame =
    names.length === message.names.length &&
    names.every((name, index) => name.userName === message.names[index]?.userName);
  return isSame ? message : Object.assign({}, message, { names });
}

/**
 * The message for one who is not in the call: the own record alone, and whether its sender is out. One who asks what the
 * call is, to join it, is told who answers: that one lets in.
 */
export function withOwnRecord(relay: Relay, user: string): CallMessage {
  const { sender, message, call } = relay;
  const isTold =
    message.type === 'state' && message.about !== undefined && mayJoin(call.members.get(user));
  const records = new Map(
    [...relay.authorization.records].filter(
      ([, one]) => one.user === user || (one.user === sender.userID && (isTold || isOut(one))),
    ),
  );
  return Object.assign({}, message, recordsOf(relay, records), { names: [] });
}

const isOut = ({ state }: MemberRecord): boolean => rankOf(state) > 2 && state !== 'in';

function recordsOf({ message, call, authorization }: Relay, kept: Allowed['records']) {
  const records = [...kept.values()];
  const users = new Set(records.map(({ user }) => user));
  const memberOf = (user: string): CallMember | undefined =>
    authorization.changes.get(user) ?? call.members.get(user);
  const remaining = message.remaining.filter(
    ({ user }) => users.has(user) && (isOpen(memberOf(user)) || !memberOf(user)),
  );
  return { records, remaining };
}

/** Users whose names a message carries, its sender apart, that may be looked up. */
export function namedIn({ names }: CallMessage, sender: string): string[] {
  const users: string[] = [];
  for (const { userID } of names) if (userID !== sender) users.push(userID);
  return users;
}

/**
 * A sender could call anybody anything: each user is shown by the name that the server stamps on that user's own
 * messages, or by the userID. Of users who are no members nothing is told.
 */
function provedNames({ sender, message, call, authorization }: Relay): CallMessage['names'] {
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

/** The sender's own record of a message by which its user leaves, if it counts. */
export const leftBy = (userID: string, { records }: Pick<Allowed, 'records'>) =>
  [...records.values()].find(({ user, state }) => user === userID && state === 'left');
