import { Child } from '../../load/child.js';
import type { Answer, Command } from './clients.js';
import type { Period } from './invitations.js';

/** Processes with clients. More than one, so that they are not the bottleneck. */
export class Generators {
  readonly #children: readonly Child[];

  private constructor(children: readonly Child[]) {
    this.#children = children;
  }

  static async start(count = 2): Promise<Generators> {
    const source = new URL('clients.ts', import.meta.url);
    const names = Array.from({ length: count }, (_, index) => ({ name: String(index) }));
    return new Generators(names.map((name) => Child.start(source, name)));
  }

  /** Connects idle users, distributed among the processes. */
  async connect(urls: readonly string[], count: number): Promise<void> {
    const each = Math.ceil(count / this.#children.length);
    const counts = this.#children.map((_, index) => Math.min(each, count - index * each));
    await this.#ask((index) => ({ type: 'connect', urls, count: counts[index] ?? 0 }));
  }

  /** Connects `count` pairs of users in each process. */
  async pair(urls: readonly string[], count: number): Promise<void> {
    await this.#ask(() => ({ type: 'pair', urls, count }));
  }

  /** Keeps `window` invitations in flight, in all processes together. */
  async invite(window: number, ms: number): Promise<readonly Period[]> {
    const each = Math.max(1, Math.round(window / this.#children.length));
    const answers = await this.#ask(() => ({ type: 'invite', window: each, ms }));
    return answers.flatMap(({ stretch }) => stretch ?? []);
  }

  async disconnect(): Promise<void> {
    await this.#ask(() => ({ type: 'disconnect' }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  async #ask(commandFor: (index: number) => Command) {
    return Promise.all(
      this.#children.map(async (child, index) => {
        child.send(commandFor(index));
        const answer = (await child.next()) as Answer;
        if (answer.type === 'failed') throw new Error(answer.message);
        return answer;
      }),
    );
  }
}
