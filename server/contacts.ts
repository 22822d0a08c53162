import type { Message } from '../src/core/protocol/messages.js';
import type { Involved } from './presence.js';

/**
 * Whether one user may call another one. Asked for each invitation, and for other messages to a user whom the call
 * does not concern. To reject means that it can't be found out now: the sender may try again.
 */
export type MayCall = (from: string, to: string) => boolean | Promise<boolean>;

/** Whom a message reaches, and whom its call concerns after it. */
export interface Circle {
  /** Nothing of the message is delivered to these, kept for them or pushed. */
  readonly withheld: ReadonlySet<string>;
  readonly involve: readonly string[];
}

/**
 * Holds back what comes from somebody who may not call. That one can't tell it from nobody being there. A call that
 * concerns a user by somebody else's invitation, or by the user's own word, goes on whoever else is in it.
 */
export class Contacts {
  readonly #mayCall: MayCall | undefined;

  /** @param mayCall default: everybody may call everybody */
  constructor(mayCall?: MayCall) {
    this.#mayCall = mayCall;
  }

  /** @returns users of this list who are not to hear from that one */
  async barred(from: string, users: Iterable<string>): Promise<ReadonlySet<string>> {
    const mayCall = this.#mayCall;
    if (!mayCall) return new Set();
    const others = [...new Set(users)].filter((user) => user !== from);
    const asked = others.map(async (user) => ((await mayCall(from, user)) ? [] : [user]));
    return new Set((await Promise.all(asked)).flat());
  }

  /** @param known whom the call concerns before this message */
  async circle(from: string, { type, to, records }: Message, known: Involved): Promise<Circle> {
    if (!this.#mayCall) {
      const involve = [from, ...to, ...records.map(({ user }) => user)];
      return { withheld: new Set(), involve };
    }
    const isNew = (user: string) => !known.users.has(user);
    const named = records.map(({ user }) => user).filter(isNew);
    const invited = type === 'invite' ? to : to.filter(isNew);
    const barred = await this.barred(from, [...invited, ...named]);
    // A message that is no invitation draws nobody into a call whose users are known.
    const drawn = [...(type === 'invite' ? to : []), ...(known.all ? [] : [...to, ...named])];
    return {
      withheld: new Set(invited.filter((user) => barred.has(user))),
      involve: [from, ...drawn.filter((user) => !barred.has(user))],
    };
  }
}
