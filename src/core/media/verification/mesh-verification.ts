import type { MediaEvent, Verification, VerificationFailure } from '../../ports/media.js';
import { FAILED } from './link-verification.js';

/** What the verification of the links of one call results in, by user, and what it remembers of their devices. */
export class MeshVerification {
  readonly #emit: (event: MediaEvent) => void;
  /** Fingerprints of devices with which an exchange was completed, by device. */
  readonly #proven = new Map<string, string>();
  /** Users whose last link was closed because of a failed verification. */
  readonly #failed = new Set<string>();
  readonly #shown = new Map<string, Verification>();

  constructor(emit: (event: MediaEvent) => void) {
    this.#emit = emit;
  }

  /** @returns the fingerprint that a device must have on a new link; undefined if it is not known */
  known(device: string): string | undefined {
    return this.#proven.get(device);
  }

  prove(device: string, fingerprint: string | undefined): void {
    if (fingerprint !== undefined) this.#proven.set(device, fingerprint);
  }

  fail(user: string, why: VerificationFailure): void {
    this.#failed.add(user);
    this.#set(user, FAILED, why);
  }

  /** @param current the verification of the link that is shown for this user; undefined without a link */
  show(user: string, current: Verification | undefined): void {
    if (current) this.#failed.delete(user);
    this.#set(user, current ?? (this.#failed.has(user) ? FAILED : undefined));
  }

  /** Reports all values again. */
  showAll(): void {
    for (const [user, verification] of this.#shown)
      this.#emit({ type: 'verification', user, verification });
  }

  #set(user: string, verification: Verification | undefined, why?: VerificationFailure): void {
    if (this.#shown.get(user) === verification) return;
    if (verification) this.#shown.set(user, verification);
    else this.#shown.delete(user);
    this.#emit({ type: 'verification', user, verification, ...(why && { why }) });
  }
}
