import type { PushRegistration } from '../../src/core/protocol/push.js';
import type { Invitation } from '../inbox/inbox.js';
import { ANSWERED_PUSH_MS, MAX_PUSHED, MISSED_PUSH_MS } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import type { ConnectedPages } from './connected-pages.js';
import {
  answeredPayload,
  incomingPayload,
  missedPayload,
  pushedOf,
  topicOf,
  type PushedInvitation,
} from './payloads.js';
import type { PushDelivery, Push, PushSender } from './push-sender.js';
import type { PushSubscriptions } from './subscriptions.js';
import type { Tickets } from './ticket.js';

interface PushDispatcherDependencies {
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  /** None: there is no other server. */
  readonly otherServers?: PushOutcomeBus | undefined;
  readonly logger: Logger;
  readonly sender: Pick<PushSender, 'send'>;
  readonly tickets: Tickets;
  readonly now: () => number;
}

/** An invitation does not ring any more: `how` by an answer to this round, or otherwise. */
export type PushOutcomeNotice = Pick<Invitation, 'userID' | 'callID' | 'round'> & {
  readonly how: 'answered' | 'over';
};
/** Servers that serve the same users: each takes back its own pushes when another one hears that they are void. */
export interface PushOutcomeBus {
  publish(word: PushOutcomeNotice): void;
  onPublished(told: (word: PushOutcomeNotice) => void): void;
}

type Deliveries = readonly (readonly [PushRegistration, PushDelivery])[];
/** An invitation that browsers are pushed. */
interface Pushed {
  readonly invitation: PushedInvitation;
  /** Empty when it was over before it was known who is to be pushed. */
  deliveries: Promise<Deliveries>;
  isOver: boolean;
}

/**
 * Decides who is pushed what. Each step returns at once: what it starts runs beside the signalling, and its failures
 * are nobody's but the sender's.
 */
export class PushDispatcher {
  readonly #parts: PushDispatcherDependencies;
  /** By user and call, the oldest first. A restart forgets them: no browser is told that a call was answered elsewhere then. */
  readonly #pushed = new Map<string, Pushed>();

  constructor(parts: PushDispatcherDependencies) {
    this.#parts = parts;
    parts.otherServers?.onPublished(({ userID, callID, round, how }) => {
      if (how === 'answered') this.#answered(userID, callID, round);
      else this.#take(userID, callID);
    });
  }

  /** A call rings: at each browser of the user that has no page here. */
  incoming(given: Invitation): void {
    const { tickets, now } = this.#parts;
    const { userID, callID, invite } = given;
    this.#take(userID, callID);
    // The server's stamps may be ahead of its clock by moments.
    const expiresAt = Math.min(given.expiresAt, now() + invite.remainingMs);
    if (expiresAt <= now()) return;
    const key = keyOf(userID, callID);
    const invitation = pushedOf(given);
    const claim = { userID, callID, round: given.round, expiresAt: given.expiresAt };
    const pushed: Pushed = { invitation, isOver: false, deliveries: Promise.resolve([]) };
    const send = async (): Promise<Deliveries> => {
      const absent = await this.#absent(userID);
      if (pushed.isOver) return [];
      if (absent.length === 0) {
        if (this.#pushed.get(key) === pushed) this.#pushed.delete(key);
        return [];
      }
      const ticket = tickets.issue(claim);
      return absent.map((registration) => {
        const delivery = this.#send(registration, invitation, {
          payload: (time) => incomingPayload(registration, invitation, ticket, expiresAt - time),
          expiresAt,
          urgency: 'high',
        });
        return [registration, delivery] as const;
      });
    };
    this.#pushed.set(key, pushed);
    pushed.deliveries = send().catch((error: unknown) => {
      if (!pushed.isOver) this.#pushed.delete(key);
      this.#warn(error);
      return [];
    });
    for (const oldest of this.#pushed.keys()) {
      if (this.#pushed.size <= MAX_PUSHED) break;
      this.#pushed.delete(oldest);
    }
  }

  /** It was missed: at each such browser whose page wishes to know. */
  missed(given: Invitation, at: number): void {
    const invitation = pushedOf(given);
    const { userID, callID, round } = invitation;
    const pushed = this.#take(userID, callID);
    if (!pushed) this.#parts.otherServers?.publish({ userID, callID, round, how: 'over' });
    this.#beside(async () => {
      const deliveries = (await pushed?.deliveries) ?? [];
      for (const { endpoint } of await this.#absent(userID)) {
        const earlier = deliveries.find(([{ endpoint: other }]) => other === endpoint)?.[1];
        // Behind the earlier one, so that this one takes its place and not the other way round.
        this.#beside(async () => {
          await earlier?.outcome;
          const absent = await this.#absent(userID);
          const registration = absent.find((own) => own.endpoint === endpoint);
          if (registration?.missed) this.#sayMissed(registration, invitation, at);
        });
      }
    });
  }

  /** The user has answered this round, or an earlier one, somewhere: at each browser that was pushed it. */
  answered(userID: string, callID: string, round: number): void {
    if (this.#pushed.has(keyOf(userID, callID))) this.#answered(userID, callID, round);
    else this.#parts.otherServers?.publish({ userID, callID, round, how: 'answered' });
  }

  /** It is no invitation any more, and there is nothing to say about it. */
  dropped(userID: string, callID: string): void {
    if (this.#take(userID, callID)) return;
    this.#parts.otherServers?.publish({ userID, callID, round: 0, how: 'over' });
  }

  #answered(userID: string, callID: string, round: number): void {
    const { subscriptions, now } = this.#parts;
    if ((this.#pushed.get(keyOf(userID, callID))?.invitation.round ?? Infinity) > round) return;
    const pushed = this.#take(userID, callID);
    if (!pushed) return;
    const { invitation } = pushed;
    this.#beside(async () => {
      for (const [{ endpoint }, { outcome }] of await pushed.deliveries) {
        this.#beside(async () => {
          if ((await outcome) !== 'sent') return;
          // It may be another user's by now, or nobody's.
          const own = await subscriptions.of(userID);
          const registration = own.find((one) => one.endpoint === endpoint);
          if (!registration) return;
          this.#send(registration, invitation, {
            payload: () => answeredPayload(registration, invitation),
            expiresAt: now() + ANSWERED_PUSH_MS,
            urgency: 'high',
          });
        });
      }
    });
  }

  /** What is on its way is not needed any more. */
  #take(userID: string, callID: string): Pushed | undefined {
    const key = keyOf(userID, callID);
    const pushed = this.#pushed.get(key);
    if (!pushed) return undefined;
    this.#pushed.delete(key);
    pushed.isOver = true;
    void pushed.deliveries.then((deliveries) => {
      for (const [, delivery] of deliveries) delivery.cancel();
    });
    return pushed;
  }

  #sayMissed(registration: PushRegistration, invitation: PushedInvitation, at: number): void {
    this.#send(registration, invitation, {
      payload: () => missedPayload(registration, invitation, at),
      expiresAt: this.#parts.now() + MISSED_PUSH_MS,
      urgency: 'normal',
    });
  }

  async #absent(userID: string): Promise<PushRegistration[]> {
    const { subscriptions, connected } = this.#parts;
    const own = await subscriptions.of(userID);
    if (own.length === 0) return [];
    const there = await Promise.all(own.map(({ endpoint }) => connected.has(userID, endpoint)));
    return own.filter((_, index) => !there[index]);
  }

  #beside(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#warn(error));
  }

  #warn(error: unknown): void {
    this.#parts.logger.warn('nobody was pushed', { error: String(error) });
  }

  #send(
    registration: PushRegistration,
    invitation: PushedInvitation,
    push: Omit<Push, 'userID' | 'subscription' | 'topic'>,
  ): PushDelivery {
    const { sender, subscriptions } = this.#parts;
    const delivery = sender.send({
      ...push,
      userID: invitation.userID,
      subscription: registration,
      topic: topicOf(invitation),
    });
    void delivery.outcome.then(async (outcome) => {
      // A database that can't write now keeps it for its next write.
      if (outcome === 'gone') await subscriptions.forget(registration).catch(() => {});
    });
    return delivery;
  }
}

/** There is no white space in a userID. */
const keyOf = (userID: string, callID: string): string => `${userID} ${callID}`;
