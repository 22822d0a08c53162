import type { PushRegistration } from '../../src/core/protocol/push.js';
import type { Invitation } from '../inbox.js';
import { ANSWERED_PUSH_MS, MAX_PUSHED, MISSED_PUSH_MS } from '../limits.js';
import type { Connected } from './connected.js';
import { answeredPayload, incomingPayload, missedPayload, topicOf } from './payloads.js';
import type { Delivery, Push, Sender } from './sender.js';
import type { Subscriptions } from './subscriptions.js';
import type { Tickets } from './ticket.js';

interface Parts {
  readonly subscriptions: Subscriptions;
  readonly connected: Connected;
  readonly sender: Pick<Sender, 'send'>;
  readonly tickets: Tickets;
  readonly now: () => number;
}

/** An invitation that browsers were pushed. */
interface Pushed {
  readonly invitation: Invitation;
  readonly deliveries: readonly (readonly [PushRegistration, Delivery])[];
}

/**
 * Decides who is pushed what. Each step returns at once: what it starts runs beside the signalling, and its failures
 * are nobody's but the sender's.
 */
export class Pushes {
  readonly #parts: Parts;
  /** By user and call. A restart forgets them: no browser is told that a call was answered elsewhere then. */
  readonly #pushed = new Map<string, Pushed>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A call rings: at each browser of the user that has no page here. */
  incoming(invitation: Invitation): void {
    const { tickets, now } = this.#parts;
    const { userID, callID, invite } = invitation;
    this.dropped(userID, callID);
    // The server's stamps may be ahead of its clock by moments.
    const expiresAt = Math.min(invitation.expiresAt, now() + invite.remainingMs);
    if (expiresAt <= now()) return;
    const ticket = tickets.issue(invitation);
    const deliveries = this.#absent(userID).map((registration) => {
      const delivery = this.#send(registration, invitation, {
        payload: (time) => incomingPayload(registration, invitation, ticket, expiresAt - time),
        expiresAt,
        urgency: 'high',
      });
      return [registration, delivery] as const;
    });
    if (deliveries.length === 0) return;
    this.#pushed.set(keyOf(userID, callID), { invitation, deliveries });
    for (const oldest of this.#pushed.keys()) {
      if (this.#pushed.size <= MAX_PUSHED) break;
      this.#pushed.delete(oldest);
    }
  }

  /** It was missed: at each such browser whose page wishes to know. */
  missed(invitation: Invitation, at: number): void {
    const { userID, callID } = invitation;
    const pushed = this.#take(userID, callID);
    for (const { endpoint } of this.#absent(userID)) {
      const earlier = pushed?.deliveries.find(([{ endpoint: other }]) => other === endpoint)?.[1];
      // Behind the earlier one, so that this one takes its place and not the other way round.
      void (earlier?.outcome ?? Promise.resolve()).then(() => {
        const registration = this.#absent(userID).find((own) => own.endpoint === endpoint);
        if (registration?.missed) this.#sayMissed(registration, invitation, at);
      });
    }
  }

  /** The user has answered this round, or an earlier one, somewhere: at each browser that was pushed it. */
  answered(userID: string, callID: string, round: number): void {
    const { subscriptions, now } = this.#parts;
    const known = this.#pushed.get(keyOf(userID, callID));
    if (!known || known.invitation.round > round) return;
    const { invitation, deliveries } = this.#take(userID, callID) ?? known;
    for (const [{ endpoint }, { outcome }] of deliveries) {
      void outcome.then((was) => {
        // It may be another user's by now, or nobody's.
        const registration = subscriptions.of(userID).find((own) => own.endpoint === endpoint);
        if (was !== 'sent' || !registration) return;
        this.#send(registration, invitation, {
          payload: () => answeredPayload(registration, invitation),
          expiresAt: now() + ANSWERED_PUSH_MS,
          urgency: 'high',
        });
      });
    }
  }

  /** It is no invitation any more, and there is nothing to say about it. */
  dropped(userID: string, callID: string): void {
    this.#take(userID, callID);
  }

  /** What is on its way is not needed any more. */
  #take(userID: string, callID: string): Pushed | undefined {
    const key = keyOf(userID, callID);
    const pushed = this.#pushed.get(key);
    this.#pushed.delete(key);
    for (const [, delivery] of pushed?.deliveries ?? []) delivery.cancel();
    return pushed;
  }

  #sayMissed(registration: PushRegistration, invitation: Invitation, at: number): void {
    this.#send(registration, invitation, {
      payload: () => missedPayload(registration, invitation, at),
      expiresAt: this.#parts.now() + MISSED_PUSH_MS,
      urgency: 'normal',
    });
  }

  #absent(userID: string): PushRegistration[] {
    const { subscriptions, connected } = this.#parts;
    return subscriptions.of(userID).filter(({ endpoint }) => !connected.has(userID, endpoint));
  }

  #send(
    registration: PushRegistration,
    invitation: Invitation,
    push: Omit<Push, 'subscription' | 'topic'>,
  ): Delivery {
    const { sender, subscriptions } = this.#parts;
    const delivery = sender.send({
      ...push,
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

const keyOf = (userID: string, callID: string): string => JSON.stringify([userID, callID]);
