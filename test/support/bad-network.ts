import { random } from '../simulation/random.js';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What one direction of a network does to packets. */
export interface Impairment {
  /** Fraction of the packets that are lost at random, 0 to 1. */
  readonly loss?: number;
  /** Time that each packet takes, in ms. */
  readonly delayMs?: number;
  /** Most additional time that a packet takes at random, in ms. The order of packets is kept. */
  readonly jitterMs?: number;
  /** Capacity of the narrowest line, in kbit/s, headers of UDP and IPv4 included. */
  readonly kbps?: number;
  /** Packets that would wait longer than this for the narrowest line are lost, in ms. */
  readonly queueMs?: number;
}

/** `up`: from the clients to the server. */
export interface Conditions {
  readonly up?: Impairment;
  readonly down?: Impairment;
}

/** Octets of the headers of UDP and IPv4. */
const HEADERS = 28;
const DEFAULT_QUEUE_MS = 400;

/** One direction of a network, as a function of time: which packets arrive, and when. */
export class Line {
  readonly #random: () => number;
  #impairment: Impairment = {};
  /** When the narrowest line has sent all packets so far. */
  #freeAt = 0;
  #lastArrival = 0;

  constructor(seed: number) {
    this.#random = random(seed);
  }

  become(impairment: Impairment): void {
    this.#impairment = impairment;
  }

  /** @returns when a packet that is sent now arrives, in ms; undefined if it is lost */
  arrivalOf(octets: number, now: number): number | undefined {
    const {
      loss = 0,
      delayMs = 0,
      jitterMs = 0,
      kbps,
      queueMs = DEFAULT_QUEUE_MS,
    } = this.#impairment;
    // Drawn for every packet, so that the numbers do not depend on what happens to it.
    const [isLost, jitter] = [this.#random() < loss, this.#random() * jitterMs];
    let sentAt = now;
    if (kbps !== undefined) {
      const startsAt = Math.max(now, this.#freeAt);
      if (startsAt - now > queueMs) return undefined;
      this.#freeAt = sentAt = startsAt + ((octets + HEADERS) * 8) / kbps;
    }
    if (isLost) return undefined;
    this.#lastArrival = Math.max(this.#lastArrival, sentAt + delayMs + jitter);
    return this.#lastArrival;
  }
}

interface Packet {
  readonly arrival: number;
  readonly deliver: () => void;
}

/** Packets on their way, in the order in which they arrive. */
class Pipe {
  readonly #line: Line;
  readonly #packets: Packet[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  carry(octets: number, deliver: () => void): void {
    const arrival = this.#line.arrivalOf(octets, performance.now());
    if (arrival === undefined) return;
    this.#packets.push({ arrival, deliver });
    if (this.#timer === undefined) this.#deliverDue();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#packets.length = 0;
  }

  #deliverDue(): void {
    this.#timer = undefined;
    for (let next = this.#packets[0]; next; next = this.#packets[0]) {
      const waitMs = next.arrival - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#deliverDue(), waitMs);
        return;
      }
      this.#packets.shift();
      next.deliver();
    }
  }
}

/**
 * A UDP relay in front of a server on loopback, which loses, delays and limits packets. Each direction is shared by all
 * clients, like the line of a household.
 */
export class BadNetwork {
  readonly #near: Socket;
  readonly #serverPort: number;
  /** For each client, by its port, the socket that the server sees. */
  readonly #far = new Map<number, Socket>();
  readonly #lines: { readonly up: Line; readonly down: Line };
  readonly #pipes: { readonly up: Pipe; readonly down: Pipe };

  private constructor(near: Socket, serverPort: number, seed: number) {
    this.#near = near;
    this.#serverPort = serverPort;
    this.#lines = { up: new Line(seed), down: new Line(seed + 1) };
    this.#pipes = { up: new Pipe(this.#lines.up), down: new Pipe(this.#lines.down) };
    near.on('message', (packet, { port }) => {
      const far = this.#farOf(port);
      this.#pipes.up.carry(packet.length, () => far.send(packet, this.#serverPort, '127.0.0.1'));
    });
  }

  static async open(serverPort: number, seed = 1): Promise<BadNetwork> {
    const near = createSocket('udp4').bind(0, '127.0.0.1');
    await once(near, 'listening');
    return new BadNetwork(near, serverPort, seed);
  }

  get port(): number {
    return this.#near.address().port;
  }

  /** From now on, packets of both directions meet these conditions. A direction that is not given is perfect. */
  become({ up = {}, down = {} }: Conditions): void {
    this.#lines.up.become(up);
    this.#lines.down.become(down);
  }

  async close(): Promise<void> {
    for (const pipe of Object.values(this.#pipes)) pipe.stop();
    for (const socket of this.#far.values()) socket.close();
    this.#near.close();
    await once(this.#near, 'close');
  }

  #farOf(client: number): Socket {
    const known = this.#far.get(client);
    if (known) return known;
    const socket = createSocket('udp4');
    this.#far.set(client, socket);
    socket.on('message', (packet) => {
      this.#pipes.down.carry(packet.length, () => this.#near.send(packet, client, '127.0.0.1'));
    });
    return socket;
  }
}
