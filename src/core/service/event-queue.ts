export interface EventQueue {
  /** Runs a job now, or after the jobs that were pushed before it. */
  push(job: () => void): void;
  /** Drops the jobs that have not started. */
  clear(): void;
}

/**
 * Runs one job at a time, in the order in which they were pushed. A job that is pushed while another one runs (by a
 * callback that calls the service) waits for it; otherwise it runs synchronously, so that a click takes effect in the
 * same task.
 * @param failed receives what a job threw; the jobs after it run all the same
 */
export function createEventQueue(failed: (error: unknown) => void): EventQueue {
  let jobs: (() => void)[] = [];
  let running = false;
  return {
    push(job) {
      jobs.push(job);
      if (running) return;
      running = true;
      for (let next; (next = jobs.shift());) {
        try {
          next();
        } catch (error) {
          failed(error);
        }
      }
      running = false;
    },
    clear() {
      jobs = [];
    },
  };
}
