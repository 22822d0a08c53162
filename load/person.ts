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

/** Time-outs for everything that needs no action of a user, in ms. */
const PATIENCE_MS = 15_000;
const SIGN_IN_PATIENCE_MS = 60_000;
/** Longer than any run, in seconds. */
const TOKEN_LIFE_SECONDS = 100_000;

export interface Access {
  readonly node: string;
  readonly tokenSecret: string | undefined;
}

/** A simulated user with one device. A plan acts in place of a page. */
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

  /** @throws if the server rejects this user, or does not answer in time */
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
   * Waits until the call has a status here.
   * @param withinMs time-out in ms
   * @throws {Unexpected} on a time-out, or if the call has ended instead
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

  /** Waits for the end of the call. @throws {Unexpected} on a time-out, or for another end reason */
  async untilEnd(
    callID: string,
    reasons: readonly EndReason[],
    withinMs = PATIENCE_MS,
  ): Promise<void> {
    const { endReason = 'hung-up' } = await this.until(callID, 'ended', withinMs);
    if (!reasons.includes(endReason)) throw new Unexpected(endReason);
  }

  /** Waits until the call is among the missed calls. @throws {Unexpected} on a time-out */
  untilMissed(callID: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        reject(new Unexpected('missed call not reported'));
      }, PATIENCE_MS);
      const stop = this.service.$missedCalls.subscribe((missed) => {
        if (!missed.some((one) => one.callID === callID)) return;
        clearTimeout(late);
        // Deferred, because `subscribe` may call the listener before it returns `stop`.
        queueMicrotask(() => stop());
        resolve();
      });
    });
  }

  /** Leaves any call, whatever has failed before. */
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
        reject(new Error(`${this.userID} did not sign in within 60 s`));
      }, SIGN_IN_PATIENCE_MS);
      const stop = $connection.listen((connection) => {
        if (connection !== 'connected' && connection !== 'refused') return;
        clearTimeout(late);
        stop();
        if (connection === 'connected') resolve();
        else reject(new Error(`the server rejects ${this.userID}, perhaps because of its token`));
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
