import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Ringer, type RingTone } from './ringer.js';

/** Plays the ring tone of an element. */
export class RingController implements ReactiveController {
  readonly #tone: RingTone;
  readonly #ringer: Ringer;

  constructor(host: ReactiveControllerHost, tone: RingTone) {
    this.#tone = tone;
    this.#ringer = new Ringer(() => host.requestUpdate());
    host.addController(this);
  }

  /** Whether the browser blocks sound until the user interacts with the page. */
  get blocked(): boolean {
    return this.#ringer.blocked;
  }

  /**
   * Must be called in each update.
   * @param source a URL, `false` for no sound, or undefined for the built-in tone
   * @param shared name of the call for which only one page of this browser rings
   * @param output ID of the audio output; undefined: the default one
   */
  set(rings: boolean, source: string | false | undefined, shared?: string, output?: string): void {
    if (rings && source !== false) this.#ringer.start(this.#tone, source, shared, output);
    else this.#ringer.stop();
  }

  /** Starts blocked sound. Must be called in a handler of a user action. */
  unblock(): void {
    this.#ringer.unblock();
  }

  hostDisconnected(): void {
    this.#ringer.stop();
  }
}
