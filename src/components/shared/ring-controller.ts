import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Ringer } from './ringer.js';

/** Rings for an element while it should. */
export class RingController implements ReactiveController {
  readonly #tone: 'incoming' | 'outgoing';
  readonly #ringer: Ringer;

  constructor(host: ReactiveControllerHost, tone: 'incoming' | 'outgoing') {
    this.#tone = tone;
    this.#ringer = new Ringer(() => host.requestUpdate());
    host.addController(this);
  }

  /** The browser lets nothing sound before the user has pressed something on the page. */
  get blocked(): boolean {
    return this.#ringer.blocked;
  }

  /**
   * To be called with each update.
   * @param source a URL, `false` for silence, or nothing for the built-in tone
   * @param shared what of this browser's pages one rings for, and the others not
   */
  set(rings: boolean, source: string | false | undefined, shared?: string): void {
    if (rings && source !== false) this.#ringer.start(this.#tone, source, shared);
    else this.#ringer.stop();
  }

  /** Rings aloud; to be called while the user presses something. */
  unblock(): void {
    this.#ringer.unblock();
  }

  hostDisconnected(): void {
    this.#ringer.stop();
  }
}
