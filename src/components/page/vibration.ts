/** Vibration and pause, in ms; repeated while a call rings. */
const PATTERN = [500, 250, 500, 1_250];
const CYCLE_MS = PATTERN.reduce((sum, ms) => sum + ms, 0);

/** Parts of the browser that vibration uses. */
export interface VibrationPorts {
  /** Undefined if the device can't vibrate. */
  readonly vibrate: ((pattern: number[]) => boolean) | undefined;
  /** Whether the user has interacted with the page. Browsers require it, and log a warning otherwise. */
  readonly mayVibrate: () => boolean;
}

const browserPorts = (): VibrationPorts => ({
  vibrate: 'vibrate' in navigator ? (pattern) => navigator.vibrate(pattern) : undefined,
  mayVibrate: () => (navigator.userActivation as UserActivation | undefined)?.hasBeenActive ?? true,
});

/** Vibrates in a pattern like a phone that rings. */
export class Vibration {
  readonly #ports: VibrationPorts;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hasVibrated = false;

  constructor(ports: VibrationPorts = browserPorts()) {
    this.#ports = ports;
  }

  set(on: boolean): void {
    if (on === (this.#timer !== undefined) || !this.#ports.vibrate) return;
    if (on) {
      this.#timer = setInterval(() => this.#vibrate(), CYCLE_MS);
      return this.#vibrate();
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#hasVibrated) this.#ports.vibrate([]);
    this.#hasVibrated = false;
  }

  #vibrate(): void {
    if (!this.#ports.mayVibrate()) return;
    this.#hasVibrated = true;
    this.#ports.vibrate?.(PATTERN);
  }
}
