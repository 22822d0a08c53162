import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Parts of the browser that full screen uses. Safari on phones lacks them. */
export type FullScreenDocument = Partial<Pick<Document, 'fullscreenEnabled' | 'exitFullscreen'>>;

/** Shows its host in full screen. The browser itself ends it when the user presses Escape. */
export class FullScreen implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #document: FullScreenDocument;

  constructor(host: ReactiveControllerHost & HTMLElement, page: FullScreenDocument = document) {
    this.#host = host;
    this.#document = page;
    host.addController(this);
  }

  /** Whether the browser can show elements in full screen, and the page may use it. */
  get isAvailable(): boolean {
    return !!this.#document.fullscreenEnabled;
  }

  get isOn(): boolean {
    return this.#host.matches(':fullscreen');
  }

  hostConnected(): void {
    this.#host.addEventListener('fullscreenchange', this.#onChange);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('fullscreenchange', this.#onChange);
  }

  async toggle(): Promise<void> {
    if (this.isOn) return this.end();
    await this.#host.requestFullscreen();
  }

  async end(): Promise<void> {
    if (this.isOn) await this.#document.exitFullscreen?.();
  }

  readonly #onChange = (): void => this.#host.requestUpdate();
}
