export interface EventQueue {
  /** Does a job, or puts it behind the one that runs. */
  push(job: () => void): void;
  /** Forgets the jobs that wait. */
  clear(): void;
}

/**
 * Does one job at a time, in the order in which they came. A job that comes while another one runs (a callback
 * that calls the service) waits for its turn; else it is done at once, so that a press is on the screen at once.
 * @param failed hears what a job threw; the jobs behind it are done all the same
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
