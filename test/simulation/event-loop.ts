/** A violated invariant, with its time. */
export interface Violation {
  readonly kind: string;
  readonly detail: string;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const earlier = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Virtual time: runs due tasks in the order of their time, and of scheduling for equal times. */
export class EventLoop {
  now = 0;
  steps = 0;
  readonly violations: Violation[] = [];
  /** One line for each event; undefined if the log is not read. */
  readonly log: string[] | undefined;
  readonly #heap: Due[] = [];
  #order = 0;

  constructor(trace: boolean) {
    this.log = trace ? [] : undefined;
  }

  after(ms: number, run: () => void): void {
    this.at(this.now + Math.max(0, ms), run);
  }

  at(at: number, run: () => void): void {
    const due = { at, order: this.#order++, run };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || !earlier(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  /** Runs until `end`; more than `most` steps count as a livelock. */
  run(end: number, most: number): void {
    for (let due = this.#next(); due && due.at <= end; due = this.#next()) {
      this.now = due.at;
      due.run();
      if (++this.steps > most) {
        this.violate('livelock', `more than ${most} steps`);
        return;
      }
    }
  }

  note(line: () => string): void {
    this.log?.push(`${(this.now / 1_000).toFixed(2).padStart(7)} ${line()}`);
  }

  violate(kind: string, detail: string): void {
    this.violations.push({ kind, detail: `${(this.now / 1_000).toFixed(2)} ${detail}` });
    this.note(() => `!!! ${kind}: ${detail}`);
  }

  #next(): Due | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (!left) break;
      let smallest = left;
      if (right && earlier(right, left)) {
        child++;
        smallest = right;
      }
      if (!earlier(smallest, last)) break;
      heap[index] = smallest;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
