import type { PushRegistration } from '../../src/core/protocol/push.js';
import type { Clock } from '../clock/clock.js';
import type { Invitation } from '../inbox/inbox.js';
import {
  ANSWERED_PUSH_MS,
  MAX_PUSHED,
  MISSED_PUSH_MS,
  PUSH_READ_AGAIN_MS,
  PUSH_READ_LIMIT_MS,
} from '../limits/limits.js';
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
import { UnavailableError } from '../storage/unavailable-error.js';
import type { Tickets } from './ticket.js';

interface PushDispatcherDependencies {
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  /** Whether a user wants to be told of a call by this caller: not with do-not-disturb, and not if the caller is blocked. */
  readonly mayDisturb: (userID: string, callerID: string) => Promise<boolean>;
  /** Whether a user is in another call than this one, on any device. */
  readonly isBusy: (userID: string, callID: string) => Promise<boolean>;
  /** Undefined if this is the only node. */
  readonly otherServers?: PushOutcomeBus | undefined;
  readonly logger: Logger;
  readonly sender: Pick<PushSender, 'send'>;
  readonly tickets: Pick<Tickets, 'issue'>;
  readonly clock: Clock;
}

/** An invitation has stopped ringing: because this round was answered, or for another reason (`over`). */
export type PushOutcomeNotice = Pick<Invitation, 'userID' | 'callID' | 'round'> & {
  readonly how: 'answered' | 'over';
};
/** Connects nodes: each one cancels its own pushes for an invitation that was settled on another node. */
export interface PushOutcomeBus {
  publish(notice: PushOutcomeNotice): void;
  onPublished(onNotice: (notice: PushOutcomeNotice) => void): void;
}

type Deliveries = readonly (readonly [PushRegistration, PushDelivery])[];
/** An invitation for which pushes were sent. */
interface Pushed {
  readonly invitation: PushedInvitation;
  /** Empty if the invitation ended before the pushes were sent. */
  deliveries: Promise<Deliveries>;
  isOver: boolean;
}

/**
 * Decides which browsers get which pushes. The public methods return immediately: pushes are sent in the background, and
 * their failures are only logged. While a store is unavailable, it is read again: a browser without a page would not ring
 * otherwise.
 */
export class PushDispatcher {
  readonly #parts: PushDispatcherDependencies;
  /** By user and call, oldest first. Lost at a restart; then browsers get no push that such a call was answered. */
  readonly #pushed = new Map<string, Pushed>();
  /** Stop the timers after which stores are read again. */
  readonly #pauses = new Set<() => void>();
  #isClosed = false;

  constructor(parts: PushDispatcherDependencies) {
    this.#parts = parts;
    parts.otherServers?.onPublished(({ userID, callID, round, how }) => {
      if (how === 'answered') this.#answered(userID, callID, round);
      else this.#cancel(userID, callID);
    });
  }

  /** Pushes an incoming call to the user's browsers that have no connected page, unless the user is in another call. */
  incoming(given: Invitation): void {
    const { tickets, clock } = this.#parts;
    const { userID, callID, invite } = given;
    const caller = given.message.from.userID;
    this.#cancel(userID, callID);
    // The server's stamps may be slightly ahead of its clock.
    const expiresAt = Math.min(given.expiresAt, clock.now() + invite.remainingMs);
    if (expiresAt <= clock.now()) return;
    const key = keyOf(userID, callID);
    const invitation = pushedOf(given);
    const claim = { userID, callID, round: given.round, expiresAt: given.expiresAt };
    const pushed: Pushed = { invitation, isOver: false, deliveries: Promise.resolve([]) };
    const recipients = async (): Promise<PushRegistration[]> => {
      const { isBusy, mayDisturb } = this.#parts;
      if (pushed.isOver) return [];
      const mayPush = (await mayDisturb(userID, caller)) && !(await isBusy(userID, callID));
      return mayPush ? this.#withoutPage(userID) : [];
    };
    const send = async (): Promise<Deliveries> => {
      const absent = await this.#read(recipients, expiresAt);
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

  /** Pushes a missed call to the user's browsers without a connected page whose registration asks for it. */
  missed(given: Invitation, at: number): void {
    const invitation = pushedOf(given);
    const { userID, callID, round } = invitation;
    const pushed = this.#cancel(userID, callID);
    if (!pushed) this.#parts.otherServers?.publish({ userID, callID, round, how: 'over' });
    const until = this.#parts.clock.now() + PUSH_READ_LIMIT_MS;
    const recipients = async (): Promise<PushRegistration[]> =>
      (await this.#parts.mayDisturb(userID, given.message.from.userID))
        ? this.#withoutPage(userID)
        : [];
    this.#inBackground(async () => {
      const deliveries = (await pushed?.deliveries) ?? [];
      for (const { endpoint } of await this.#read(recipients, until)) {
        const earlier = deliveries.find(([{ endpoint: other }]) => other === endpoint)?.[1];
        // Wait for the earlier push, so that this one replaces it, not the reverse.
        this.#inBackground(async () => {
          await earlier?.outcome;
          const absent = await this.#read(() => this.#withoutPage(userID), until);
          const registration = absent.find((own) => own.endpoint === endpoint);
          if (registration?.missed) this.#pushMissed(registration, invitation, at);
        });
      }
    });
  }

  /** Pushes that this or an earlier round was answered, to the browsers that got a push for the call. */
  answered(userID: string, callID: string, round: number): void {
    if (this.#pushed.has(keyOf(userID, callID))) this.#answered(userID, callID, round);
    else this.#parts.otherServers?.publish({ userID, callID, round, how: 'answered' });
  }

  /** Cancels pushes for an invitation that was dropped. */
  dropped(userID: string, callID: string): void {
    if (this.#cancel(userID, callID)) return;
    this.#parts.otherServers?.publish({ userID, callID, round: 0, how: 'over' });
  }

  /** Stores are not read again from now on. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#pauses) stop();
    this.#pauses.clear();
  }

  #answered(userID: string, callID: string, round: number): void {
    const { subscriptions, clock } = this.#parts;
    if ((this.#pushed.get(keyOf(userID, callID))?.invitation.round ?? Infinity) > round) return;
    const pushed = this.#cancel(userID, callID);
    if (!pushed) return;
    const { invitation } = pushed;
    this.#inBackground(async () => {
      for (const [{ endpoint }, { outcome }] of await pushed.deliveries) {
        this.#inBackground(async () => {
          if ((await outcome) !== 'sent') return;
          // The endpoint may have been removed, or registered by another user meanwhile.
          const own = await this.#read(
            () => subscriptions.of(userID),
            clock.now() + PUSH_READ_LIMIT_MS,
          );
          const registration = own.find((one) => one.endpoint === endpoint);
          if (!registration) return;
          this.#send(registration, invitation, {
            payload: () => answeredPayload(registration, invitation),
            expiresAt: clock.now() + ANSWERED_PUSH_MS,
            urgency: 'high',
          });
        });
      }
    });
  }

  /** Removes an invitation and cancels its pending pushes. */
  #cancel(userID: string, callID: string): Pushed | undefined {
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

  #pushMissed(registration: PushRegistration, invitation: PushedInvitation, at: number): void {
    this.#send(registration, invitation, {
      payload: () => missedPayload(registration, invitation, at),
      expiresAt: this.#parts.clock.now() + MISSED_PUSH_MS,
      urgency: 'normal',
    });
  }

  async #withoutPage(userID: string): Promise<PushRegistration[]> {
    const { subscriptions, connected } = this.#parts;
    const own = await subscriptions.of(userID);
    if (own.length === 0) return [];
    const hasPage = await Promise.all(own.map(({ endpoint }) => connected.has(userID, endpoint)));
    return own.filter((_, index) => !hasPage[index]);
  }

  /** Reads from the stores, again after a pause while they are unavailable, until the given time of day. */
  async #read<T>(read: () => Promise<T>, until: number): Promise<T> {
    const { clock } = this.#parts;
    for (;;) {
      try {
        return await read();
      } catch (error) {
        const isTooLate = this.#isClosed || clock.now() + PUSH_READ_AGAIN_MS >= until;
        if (!(error instanceof UnavailableError) || isTooLate) throw error;
        await new Promise<void>((resolve) => {
          const stop = clock.after(PUSH_READ_AGAIN_MS, () => {
            this.#pauses.delete(stop);
            resolve();
          });
          this.#pauses.add(stop);
        });
      }
    }
  }

  #inBackground(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#warn(error));
  }

  #warn(error: unknown): void {
    this.#parts.logger.warn('sending pushes failed', { error: String(error) });
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
      // If the store is not writable, the change is written later.
      if (outcome === 'gone') await subscriptions.forget(registration).catch(() => {});
    });
    return delivery;
  }
}

/** User IDs contain no white space. */
const keyOf = (userID: string, callID: string): string => `${userID} ${callID}`;
