import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { lazyPart } from '../../core/loading/lazy-part.js';
import type { Ringer } from './ringer.js';

const ringer = lazyPart('the ringtones', () => import('./ringer.js'), 'Ringer');

/** Rings for an element while it should. What makes the tones is loaded with the first one. */
export class RingController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #tone: 'incoming' | 'outgoing';
  #ringer: Ringer | undefined;
  readonly #failed: (error: unknown) => void;
  #loading = false;
  #rings = false;

  /** @param failed hears that there is no tone: the call is seen and read aloud all the same */
  constructor(
    host: ReactiveControllerHost,
    tone: 'incoming' | 'outgoing',
    failed: (error: unknown) => void,
  ) {
    this.#host = host;
    this.#tone = tone;
    this.#failed = failed;
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
    this.#rings = rings && source !== false;
    if (!rings || source === false) this.#ringer?.stop();
    else if (this.#ringer) this.#ringer.start(this.#tone, source, shared);
    else if (!this.#loading) void this.#load();
  }

  /** Rings aloud; to be called while the user presses something. */
  unblock(): void {
    this.#ringer?.unblock();
  }

  hostDisconnected(): void {
    this.#rings = false;
    this.#ringer?.stop();
  }

  async #load(): Promise<void> {
    this.#loading = true;
    const Ringer = await ringer.loadWhile(() => this.#rings, this.#failed);
    this.#loading = false;
    if (!Ringer || this.#ringer) return;
    this.#ringer = new Ringer(() => this.#host.requestUpdate());
    this.#host.requestUpdate();
  }
}
