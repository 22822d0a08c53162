import type { InvitationService } from '../../core/service/invitation-service.js';
import type { Session } from '../../core/service/types.js';
import { readSavedPage } from './saved-page.js';

/** Delay between leaving the document and signing out, in ms: frameworks move elements. */
const SIGN_OUT_DELAY_MS = 1_000;

/** What a new session continues. */
type EarlierSession = Pick<Session, 'replaces' | 'resume'>;

/** User, server and transport of a session. */
export type Identity = readonly unknown[];

/** @returns whether two sessions have the same user, server and transport */
export const isSame = (one: Identity, other: Identity): boolean =>
  one.every((part, index) => part === other[index]);

/**
 * Signs a provider out a second after it has left the document, unless it comes back, or another provider of the same
 * user, server and transport replaces it. A router that replaces the body of the page does that.
 */
export class DelayedSignOut {
  /** Those of the providers that have left the document and are still signed in. */
  static readonly #waiting = new Set<DelayedSignOut>();

  readonly #service: InvitationService;
  readonly #signOut: () => void;
  #identity: Identity | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(service: InvitationService, signOut: () => void) {
    this.#service = service;
    this.#signOut = signOut;
  }

  /**
   * Ends the session of a provider that a new one replaces, without leaving its call.
   * @returns what the session of the new provider continues, as after a reload; undefined if it replaces none
   */
  static takeOver(identity: Identity): EarlierSession | undefined {
    for (const old of DelayedSignOut.#waiting) {
      if (!old.#service.user || !old.#identity || !isSame(identity, old.#identity)) continue;
      const { deviceID } = old.#service;
      const resume = old.#service.saved();
      old.#service.stop(resume?.id);
      old.#end();
      return resume ? { resume } : { replaces: deviceID };
    }
    return undefined;
  }

  /** @param identity that of the session; undefined if the provider is signed out */
  start(identity: Identity | undefined): void {
    if (!identity) return;
    this.#identity = identity;
    DelayedSignOut.#waiting.add(this);
    this.#timer = setTimeout(() => this.#end(), SIGN_OUT_DELAY_MS);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    DelayedSignOut.#waiting.delete(this);
  }

  #end(): void {
    this.cancel();
    this.#signOut();
  }
}

/** @returns what a new session continues: that of a provider that it replaces, else that of the page before a reload */
export function earlierSession(userID: string, identity: Identity): EarlierSession {
  const saved = readSavedPage(userID);
  return DelayedSignOut.takeOver(identity) ?? saved;
}
