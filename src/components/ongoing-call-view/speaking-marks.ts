import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';

/** Interval between samples of the audio levels, in ms. */
const SAMPLE_MS = 250;
/** Level (0 to 1) at which a member starts to speak, and below which they stop: about -34 and -40 dB. */
const LOUD = 0.02;
const QUIET = 0.01;
/** Number of consecutive quiet samples that end a speech, so that pauses between words do not. */
const QUIET_SAMPLES = 3;

/**
 * Marks the tiles of members who speak with the class `speaking`. It sets the class itself, without a render. Levels
 * are not measured while the tiles are hidden.
 */
export class SpeakingMarks implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  #service: CallInvitationService | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isSampling = false;
  /** Members who speak, with their number of consecutive quiet samples. */
  readonly #speaking = new Map<string, number>();

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** @param service service of the call whose tiles are visible; undefined stops measuring and removes all marks */
  watch(service: CallInvitationService | undefined): void {
    if (service !== this.#service) this.hostDisconnected();
    this.#service = service;
    if (service) this.#timer ??= setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  /** Sets the marks again on tiles that were rendered anew. */
  hostUpdated(): void {
    this.#mark();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#timer = this.#service = undefined;
    this.#speaking.clear();
  }

  async #sample(): Promise<void> {
    const service = this.#service;
    if (!service || this.#isSampling || document.visibilityState === 'hidden') return;
    this.#isSampling = true;
    try {
      const levels = await service.audioLevels();
      if (service === this.#service) this.#update(levels);
    } catch {
      // A call that ended meanwhile has no levels.
    } finally {
      this.#isSampling = false;
    }
  }

  #update(levels: ReadonlyMap<string, number>): void {
    for (const [userID, looks] of this.#speaking) {
      if ((levels.get(userID) ?? 0) >= QUIET) this.#speaking.set(userID, 0);
      else if (looks + 1 < QUIET_SAMPLES) this.#speaking.set(userID, looks + 1);
      else this.#speaking.delete(userID);
    }
    for (const [userID, level] of levels) {
      if (level >= LOUD) this.#speaking.set(userID, 0);
    }
    this.#mark();
  }

  #mark(): void {
    for (const tile of this.#host.renderRoot.querySelectorAll<HTMLElement>('[data-user]')) {
      tile.classList.toggle('speaking', this.#speaking.has(tile.dataset['user'] ?? ''));
    }
  }
}
