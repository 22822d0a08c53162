import type { Page } from './device.js';
import { random, seedOf, type Random } from './random.js';
import type { Schedule } from './schedule.js';
import type { EventLoop } from './event-loop.js';

/** One connection of a page to the server. It is not reused: a page that reconnects creates a new one. */
export class Connection {
  readonly page: Page;
  readonly user: string;
  readonly device: string;
  readonly since: number;
  /** Whether it transmits nothing any more, even if no side has noticed. */
  dead = false;
  /** Whether the page regards it as open. */
  open = true;
  lastUp = 0;
  readonly lastDown = new Map<string, number>();

  constructor(page: Page, since: number) {
    this.page = page;
    this.user = page.self.userID;
    this.device = page.self.deviceID;
    this.since = since;
  }
}

/**
 * Delays, repeats and loses messages. Messages of one sender over one connection keep their order; messages of
 * different senders overtake each other; messages in transit are lost with their connection.
 */
export class Network {
  readonly draw: Random;
  readonly #loop: EventLoop;
  readonly #schedule: Schedule;
  /** The constant delays of schedules with an attacker, by sender and recipient. */
  readonly #delays = new Map<string, number>();

  constructor(loop: EventLoop, schedule: Schedule, draw: Random) {
    this.#loop = loop;
    this.#schedule = schedule;
    this.draw = draw;
  }

  connect(page: Page): Connection {
    page.connection = new Connection(page, this.#loop.now);
    return page.connection;
  }

  /** A new random delay for each message. */
  delay(): number {
    const luck = this.draw();
    if (luck < 0.85) return 20 + this.draw() * 180;
    if (luck < 0.97) return 200 + this.draw() * 800;
    return this.#schedule.slow ? 1_000 + this.draw() * 4_000 : 300 + this.draw() * 1_200;
  }

  /**
   * The delay of messages from one user to another. With an attacker, it is constant for these two users: so false
   * messages without effect do not delay others, and the runs with and without them can be compared.
   */
  #delay(from: string, to: string): number {
    if (!this.#schedule.liar) return this.delay();
    const key = `${from} ${to}`;
    const known = this.#delays.get(key);
    if (known !== undefined) return known;
    const draw = random(seedOf('delay', this.#schedule.networkSeed, from, to));
    const delay = draw() < 0.85 ? 20 + draw() * 180 : 200 + draw() * 800;
    this.#delays.set(key, delay);
    return delay;
  }

  /** Sends a message from a page to the server. */
  up(connection: Connection, arrive: () => void): void {
    const { repeats } = this.#schedule;
    const times = repeats > 0 && this.draw() < repeats ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const at = Math.max(
        connection.lastUp + 0.01,
        this.#loop.now + this.#delay(connection.device, ''),
      );
      connection.lastUp = at;
      this.#loop.at(at, () => {
        if (!connection.dead) arrive();
      });
    }
  }

  /** Sends a message from the server to a page; `sender` is the user who sent it. */
  down(connection: Connection, sender: string, arrive: () => void): void {
    const last = connection.lastDown.get(sender) ?? 0;
    const at = Math.max(last + 0.01, this.#loop.now + this.#delay(sender, connection.device));
    connection.lastDown.set(sender, at);
    this.#loop.at(at, () => {
      const { page } = connection;
      if (!connection.dead && page.alive && page.connection === connection) arrive();
    });
  }
}
