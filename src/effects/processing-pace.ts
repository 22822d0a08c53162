/** How much of the camera's picture is processed. */
export interface PaceStep {
  /** Most lines of the picture: its shorter side, in pixels. */
  readonly lines: number;
  /** Most pictures per second. */
  readonly rate: number;
}

/** From the best to the cheapest. */
export const PACE_STEPS = [
  { lines: 480, rate: 30 },
  { lines: 360, rate: 24 },
  { lines: 360, rate: 15 },
  { lines: 240, rate: 10 },
  { lines: 180, rate: 5 },
] as const satisfies readonly PaceStep[];

/** Number of pictures whose times are compared; fewer if they took so long, in ms. */
const SAMPLES = 20;
const SAMPLED_MS = 2_000;
/** Number of pictures after a change that do not count: programs are compiled and buffers allocated then. */
const IGNORED = 5;
const IGNORED_MS = 1_000;
/** Share of the time between two pictures that processing may take. The rest is for the encoder and the page. */
const MOST_LOAD = 0.6;
/** Below this load the better step is tried, after a wait. */
const LOW_LOAD = 0.25;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 480_000;

/**
 * Decides how much is processed, from the time that it takes. The better step is tried again after a wait, which is
 * doubled each time that it turns out to be too expensive.
 */
export class ProcessingPace {
  #index = 0;
  #times: number[] = [];
  #ignored = 0;
  /** Time that was spent since the last change or comparison. */
  #spent = 0;
  #wait = FIRST_WAIT_MS;
  #changedAt: number | undefined;
  /** Whether the present step is tried again. */
  #isTrial = false;

  get step(): PaceStep {
    return PACE_STEPS[this.#index] ?? PACE_STEPS[0];
  }

  /** Records the processing of one picture. Both times are in ms. */
  record(duration: number, now: number): void {
    this.#changedAt ??= now;
    if (this.#ignored < IGNORED) {
      this.#spent += duration;
      this.#ignored = this.#spent < IGNORED_MS ? this.#ignored + 1 : IGNORED;
      if (this.#ignored === IGNORED) this.#spent = 0;
      return;
    }
    this.#times.push(duration);
    this.#spent += duration;
    if (this.#times.length < SAMPLES && this.#spent < SAMPLED_MS) return;
    this.#spent = 0;
    const load = (median(this.#times) * this.step.rate) / 1000;
    this.#times = [];
    if (load > MOST_LOAD) {
      if (this.#isTrial) this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
      this.#move(1, now);
    } else if (load < LOW_LOAD && now - this.#changedAt >= this.#wait) this.#move(-1, now);
  }

  #move(by: 1 | -1, now: number): void {
    if (!PACE_STEPS[this.#index + by]) return;
    this.#index += by;
    this.#isTrial = by < 0;
    this.#ignored = this.#spent = 0;
    this.#changedAt = now;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
