import { SignJWT } from 'jose';
import {
  createCallInvitationService,
  type CallInvitationService,
  type CallSnapshot,
  type CallStatus,
  type EndReason,
} from '../src/core/index.js';
import { createServerTransport } from '../src/core/transports/server.js';
import { Unexpected, type Tally } from './tally.js';

/** So long whatever must happen by itself may take, in ms: under load, and not with people in between. */
const PATIENCE_MS = 15_000;
const SIGN_IN_PATIENCE_MS = 60_000;
/** Longer than any run. */
const TOKEN_LIFE_SECONDS = 100_000;

export interface Access {
  readonly node: string;
  readonly tokenSecret: string | undefined;
}

/** One user at one device, without a screen: what a page would do, a plan does. */
export class Person {
  readonly userID: string;
  readonly service: CallInvitationService;
  readonly #watching = new Set<(call: CallSnapshot) => void>();

  private constructor(userID: string, { node, tokenSecret }: Access, tally: Tally) {
    this.userID = userID;
    this.service = createCallInvitationService({
      user: userID,
      transport: createServerTransport(node),
      ...(tokenSecret !== undefined && { token: () => tokenFor(userID, tokenSecret) }),
      invitationEvents: {
        onCallStateChanged: (call) => {
          for (const watch of [...this.#watching]) watch(call);
        },
        onError: (error) => tally.fault(error),
      },
    });
  }

  /** @throws when the server does not take this user, or does not answer in time */
  static async signIn(userID: string, access: Access, tally: Tally): Promise<Person> {
    const person = new Person(userID, access, tally);
    try {
      await person.#connected();
      return person;
    } catch (error) {
      person.signOut();
      throw error;
    }
  }

  /**
   * Waits until this call has a status here.
   * @param withinMs since then it is late
   * @throws {Unexpected} when it is late, or has ended instead
   */
  until(callID: string, status: CallStatus, withinMs = PATIENCE_MS): Promise<CallSnapshot> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(late);
        this.#watching.delete(watch);
      };
      const watch = (call: CallSnapshot): void => {
        if (call.callID !== callID) return;
        if (call.status === status) resolve(call);
        else if (call.status === 'ended') reject(new Unexpected(call.endReason ?? 'ended'));
        else return;
        done();
      };
      const late = setTimeout(() => {
        done();
        reject(new Unexpected(`not ${status} in time`));
      }, withinMs);
      this.#watching.add(watch);
      watch(this.service.$call.get());
    });
  }

  /** @throws {Unexpected} when it has not ended by then, or for no such reason */
  async untilEnd(
    callID: string,
    reasons: readonly EndReason[],
    withinMs = PATIENCE_MS,
  ): Promise<void> {
    const { endReason = 'hung-up' } = await this.until(callID, 'ended', withinMs);
    if (!reasons.includes(endReason)) throw new Unexpected(endReason);
  }

  /** @throws {Unexpected} when the call is none that this user has missed */
  untilMissed(callID: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        reject(new Unexpected('missed call not told'));
      }, PATIENCE_MS);
      const stop = this.service.$missedCalls.subscribe((missed) => {
        if (!missed.some((one) => one.callID === callID)) return;
        clearTimeout(late);
        // Subscribing calls at once, before there is anything to stop.
        queueMicrotask(() => stop());
        resolve();
      });
    });
  }

  /** Whatever has gone wrong: takes no part in a call any more. */
  async leaveAll(): Promise<void> {
    await this.service.hangUp().catch(() => false);
  }

  signOut(): void {
    this.service.destroy();
  }

  #connected(): Promise<void> {
    const { $connection } = this.service;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        reject(new Error(`${this.userID} could not sign in within 60 s`));
      }, SIGN_IN_PATIENCE_MS);
      const stop = $connection.listen((connection) => {
        if (connection !== 'connected' && connection !== 'refused') return;
        clearTimeout(late);
        stop();
        if (connection === 'connected') resolve();
        else reject(new Error(`the server does not take ${this.userID}, perhaps for its token`));
      });
    });
  }
}

function tokenFor(userID: string, secret: string): Promise<string> {
  return new SignJWT({ exp: Math.floor(Date.now() / 1_000) + TOKEN_LIFE_SECONDS })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userID)
    .sign(new TextEncoder().encode(secret));
}
