import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Ringer } from './ringer.js';

/** Rings for an element while it should. What makes the tones is loaded with the first one. */
export class RingController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #tone: 'incoming' | 'outgoing';
  #ringer: Ringer | undefined;
  #loading = false;

  constructor(host: ReactiveControllerHost, tone: 'incoming' | 'outgoing') {
    this.#host = host;
    this.#tone = tone;
    host.addController(this);
  }

  /** The browser lets nothing sound before the user has pressed something on the page. */
  get blocked(): boolean {
    return !!this.#ringer?.blocked;
  }

  /**
   * To be called with each update.
   * @param source a URL, `false` for silence, or nothing for the built-in tone
   * @param shared what of this browser's pages one rings for, and the others not
   */
  set(rings: boolean, source: string | false | undefined, shared?: string): void {
    if (!rings || source === false) this.#ringer?.stop();
    else if (this.#ringer) this.#ringer.start(this.#tone, source, shared);
    else if (!this.#loading) void this.#load();
  }

  /** Rings aloud; to be called while the user presses something. */
  unblock(): void {
    this.#ringer?.unblock();
  }

  hostDisconnected(): void {
    this.#ringer?.stop();
  }

  async #load(): Promise<void> {
    this.#loading = true;
    try {
      const { Ringer } = await import('./ringer.js');
      this.#ringer = new Ringer(() => this.#host.requestUpdate());
      this.#host.requestUpdate();
    } catch {
      // No tone: the call is seen and read aloud all the same. The next one tries again.
      this.#loading = false;
    }
  }
}
