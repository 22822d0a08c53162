import type { Clock } from '../ports/clock.js';
import type { ProcessingStage } from '../ports/media-effects.js';
import { ProcessingStep } from './processing-step.js';

export interface TrackProcessingOptions {
  /** The stages that are on; called for each new track, and by `refresh`. */
  readonly stages: () => readonly ProcessingStage[];
  readonly clock: Pick<Clock, 'after'>;
  /** `track` or `isHeld` has changed. Not called by `update` itself. */
  readonly changed: () => void;
  /** A stage is left out, because it does not work. */
  readonly failed: (stage: ProcessingStage, error: unknown) => void;
}

/** The stages at work on one track. */
interface Run {
  readonly raw: MediaStreamTrack;
  readonly stages: readonly ProcessingStage[];
  readonly steps: ProcessingStep[];
  /** The result; undefined while a stage is starting. */
  output: MediaStreamTrack | undefined;
}

const areSame = (some: readonly ProcessingStage[], others: readonly ProcessingStage[]): boolean =>
  some.length === others.length &&
  some.every(({ process }, index) => process === others[index]?.process);

/**
 * Passes the track of one source through the stages of the page. Stages never hold up a call: until they have returned,
 * and if they fail or take too long, the track is used as it is. Only a stage that hides something lets nothing through
 * while it starts.
 */
export class TrackProcessing {
  readonly #options: TrackProcessingOptions;
  #run: Run | undefined;
  /** What is sent until the stages of `#run` have started. */
  #previous: Run | undefined;
  /** Stages that have failed, until they are switched off or the source has another track. */
  #broken = new Set<ProcessingStage['process']>();

  constructor(options: TrackProcessingOptions) {
    this.#options = options;
  }

  /** The track to send and to show. */
  get track(): MediaStreamTrack | undefined {
    if (this.isHeld) return undefined;
    return this.#run?.output ?? this.#previous?.output ?? this.#run?.raw;
  }

  /** Whether nothing is let through until a stage works. */
  get isHeld(): boolean {
    if (!this.#run || this.#run.output || this.#previous?.output) return false;
    return this.#run.stages.some(({ hidesSource }) => hidesSource);
  }

  /** Sets the track of the source, or that there is none. To be called after each change of the source. */
  update(raw: MediaStreamTrack | undefined): void {
    if (raw !== this.#run?.raw) {
      this.#releaseAll();
      this.#broken.clear();
      if (raw) this.#begin(raw, this.#options.stages());
    }
    // A muted microphone must be silent at once, whatever a stage has buffered.
    if (raw)
      for (const step of [...(this.#run?.steps ?? []), ...(this.#previous?.steps ?? [])])
        step.enable(raw.enabled);
  }

  /** Uses the present stages, if they have changed. What was sent until now is sent until the new ones work. */
  refresh(): void {
    const run = this.#run;
    if (!run) return;
    const wanted = this.#options.stages();
    for (const process of this.#broken)
      if (!wanted.some((stage) => stage.process === process)) this.#broken.delete(process);
    const stages = wanted.filter(({ process }) => !this.#broken.has(process));
    if (areSame(stages, run.stages)) return;
    if (run.output) {
      release(this.#previous);
      this.#previous = run;
    } else release(run);
    this.#begin(run.raw, stages);
    this.#options.changed();
  }

  #begin(raw: MediaStreamTrack, stages: readonly ProcessingStage[]): void {
    const run: Run = { raw, stages, steps: [], output: undefined };
    this.#run = run;
    if (stages.length) void this.#process(run);
    else this.#settle(run, raw);
  }

  async #process(run: Run): Promise<void> {
    let track = run.raw;
    for (const stage of run.stages) {
      const step = new ProcessingStep(stage, track, this.#options.clock, this.#onFailure);
      run.steps.push(step);
      track = await step.run();
      if (this.#run !== run) return;
    }
    this.#settle(run, track);
    this.#options.changed();
  }

  #settle(run: Run, track: MediaStreamTrack): void {
    run.output = track;
    for (const step of run.steps) step.enable(run.raw.enabled);
    release(this.#previous);
    this.#previous = undefined;
  }

  readonly #onFailure = (step: ProcessingStep, error: unknown): void => {
    const { stage } = step;
    if (this.#previous?.steps.includes(step)) {
      // Its successor is starting.
      release(this.#previous);
      this.#previous = undefined;
      this.#options.changed();
      return;
    }
    const run = this.#run;
    if (!run?.steps.includes(step)) return;
    this.#broken.add(stage.process);
    // While the stages start, the next one gets the track that this one got. Later, those after it have lost theirs.
    if (run.output || step !== run.steps.at(-1)) {
      release(run);
      this.#begin(
        run.raw,
        run.stages.filter(({ process }) => process !== stage.process),
      );
    }
    this.#options.failed(stage, error);
    this.#options.changed();
  };

  #releaseAll(): void {
    release(this.#run);
    release(this.#previous);
    this.#run = this.#previous = undefined;
  }
}

function release(run: Run | undefined): void {
  for (const step of run?.steps ?? []) step.release();
}
