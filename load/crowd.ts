import { setTimeout as sleep } from 'node:timers/promises';
import { random, seedOf, type Random } from '../test/simulation/random.js';
import { peopleOf, plans, type Plan } from './mix.js';
import type { LoadOptions } from './options.js';
import { Person, type Access } from './person.js';
import { play } from './play.js';
import { Tally } from './tally.js';

export interface CrowdOptions extends Omit<LoadOptions, 'workers'> {
  /** Index of this part of the users. User names and random numbers depend on it. */
  readonly index: number;
}

/** Users of one process who sign in at the same time. */
const AT_ONCE = 50;

/** A part of the users, who call only each other. */
export class Crowd {
  readonly tally = new Tally();
  readonly #options: CrowdOptions;
  readonly #draw: Random;
  /** Users who are not in a call. */
  readonly #free: Person[] = [];
  #absent = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#draw = random(seedOf(options.seed, 'people', options.index));
  }

  async signIn(): Promise<void> {
    const { users, index } = this.#options;
    for (let from = 0; from < users; from += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, users - from) }, (_, at) => from + at);
      const signedIn = numbers.map((at) => this.#signIn(`user-${index}-${at}`, at));
      this.#free.push(...(await Promise.all(signedIn)));
    }
  }

  /** Places calls as planned for the configured time. Resolves when the last one has ended. */
  async call(): Promise<void> {
    const { index, seed, callsPerSecond, seconds, pace } = this.#options;
    const running = new Set<Promise<void>>();
    const startedAt = performance.now();
    let dueMs = 0;
    for (const plan of plans(random(seedOf(seed, 'plans', index)), callsPerSecond, pace)) {
      dueMs += plan.pauseMs;
      if (dueMs >= seconds * 1_000) break;
      // A late call is placed immediately, so that a slow server does not reduce the load.
      await sleep(Math.max(0, startedAt + dueMs - performance.now()));
      const call = this.#place(plan);
      running.add(call);
      void call.finally(() => running.delete(call));
    }
    await Promise.all(running);
  }

  #signIn(userID: string, at: number): Promise<Person> {
    const { nodes, tokenSecret } = this.#options;
    const access: Access = { node: nodes[at % nodes.length] ?? '', tokenSecret };
    return Person.signIn(userID, access, this.tally);
  }

  async #place(plan: Plan): Promise<void> {
    const { tally } = this;
    const people = this.#take(peopleOf(plan));
    if (!people) {
      tally.counts.notPlaced += 1;
      return;
    }
    tally.placed(plan.outcome);
    const at = this.#absent++;
    const userID = `away-${this.#options.index}-${at}`;
    const absent = { userID, signIn: () => this.#signIn(userID, at) };
    try {
      await play({ plan, tally, people, absent });
      tally.met(plan.outcome);
    } catch (error) {
      tally.missed(plan.outcome, error);
      await Promise.all(people.map((person) => person.leaveAll()));
    }
    this.#free.push(...people);
  }

  /** @returns undefined if too few users are free */
  #take(count: number): readonly Person[] | undefined {
    const free = this.#free;
    if (free.length < count) return undefined;
    return Array.from({ length: count }, () => {
      const at = Math.floor(this.#draw() * free.length);
      const last = free.pop() as Person;
      const taken = free[at] ?? last;
      if (taken !== last) free[at] = last;
      return taken;
    });
  }
}
