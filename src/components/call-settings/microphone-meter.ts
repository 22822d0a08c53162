import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Interval between two measurements, in ms. */
const SAMPLE_MS = 100;
/** Level at which the meter is full: loud speech into a microphone. */
const FULL = 0.3;

/** Writes the level of the microphone into the element with the role `meter`, without a render. */
export class MicrophoneMeter implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #level: () => number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    host: ReactiveControllerHost & { readonly renderRoot: ParentNode },
    level: () => number | undefined,
  ) {
    this.#host = host;
    this.#level = level;
    host.addController(this);
  }

  hostUpdated(): void {
    const meter = this.#host.renderRoot.querySelector('.meter');
    if (!meter) this.hostDisconnected();
    else this.#timer ??= setInterval(() => this.#measure(), SAMPLE_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #measure(): void {
    const meter = this.#host.renderRoot.querySelector<HTMLElement>('.meter');
    // Loudness is perceived in the logarithm: the root is a simple approximation.
    const shown = Math.sqrt(Math.min(1, (this.#level() ?? 0) / FULL));
    meter?.style.setProperty('--_level', shown.toFixed(2));
    if (meter) meter.ariaValueNow = String(Math.round(shown * 100));
  }
}
