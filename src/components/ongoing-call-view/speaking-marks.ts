import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';

/** How often it is looked who speaks, in ms. */
const SAMPLE_MS = 250;
/** A level from which one speaks, and one below which one has stopped: some -34 and -40 dB of the loudest. */
const LOUD = 0.02;
const QUIET = 0.01;
/** So many quiet looks in a row are the end of a speech: pauses between words are none. */
const QUIET_SAMPLES = 3;

/**
 * Marks the tiles of those who speak, by the class `speaking`. It writes on the tiles itself: nothing is rendered while
 * people speak. What nobody sees is not measured.
 */
export class SpeakingMarks implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  #service: CallInvitationService | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isSampling = false;
  /** Who speaks, and how many looks in a row were quiet. */
  readonly #speaking = new Map<string, number>();

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** @param service of the call whose tiles are seen; undefined: nothing is measured, and nobody marked */
  watch(service: CallInvitationService | undefined): void {
    if (service !== this.#service) this.hostDisconnected();
    this.#service = service;
    if (service) this.#timer ??= setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  /** What was rendered anew has lost its mark. */
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
      // A call that has ended meanwhile is silent.
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
