import type { Effect } from '../../src/core/machine/types.js';
import type { Page } from './device.js';
import type { Random } from './random.js';
import type { EventLoop } from './event-loop.js';

/** Time in which an interrupted link may recover before it is given up, in ms. */
const HEAL_MS = 8_000;
/** Time in which a link connects after both sides have signalled, in ms. */
const CONNECT_MS = 12_000;
/** Minimum time without a link after which a call ends, in ms. */
const DOWN_MS = 24_000;
/** Maximum time until a failed link is built again after its path works again, in ms. */
const RELINK_MS = 14_000;

type OpenLink = Extract<Effect, { type: 'open-link' }>;
type SignalLink = Extract<Effect, { type: 'signal-link' }>;
type CloseLink = Extract<Effect, { type: 'close-link' }>;

/** One side of a media link. */
interface Side {
  readonly page: Page;
  readonly callID: string;
  readonly user: string;
  readonly peer: string;
  readonly number: number;
  readonly isOfferer: boolean;
  state: 'signalling' | 'connecting' | 'up' | 'down';
  /** Whether the page has learned that the link is up. */
  isReported: boolean;
  closed: boolean;
}

const sideKey = (callID: string, device: string, peer: string) => `${callID} ${device} ${peer}`;
const pathKey = (a: string, b: string) => [a, b].sort().join(' ');

/**
 * The media between pages, as the WebRTC library behaves: a link connects when both sides have opened the same
 * number, and offer and answer have arrived. It disconnects when its path breaks, and then recovers, or fails and is
 * closed.
 */
export class Media {
  readonly #loop: EventLoop;
  readonly #draw: Random;
  readonly #sides = new Map<string, Side>();
  /** Pairs of phones whose path is broken, with the number of current breaks. */
  readonly #broken = new Map<string, number>();

  /** Calls that a page has put on hold: `callID device`. */
  readonly #onHold = new Set<string>();

  /** When the last break of each path ended. */
  readonly #healedAt = new Map<string, number>();
  /** When a link of each path was up last, or was first opened. */
  readonly #downAt = new Map<string, number>();

  constructor(loop: EventLoop, draw: Random) {
    this.#loop = loop;
    this.#draw = draw;
  }

  open(page: Page, { callID, user, device, link, initiator: isOfferer }: OpenLink): void {
    const key = sideKey(callID, page.device, device);
    const old = this.#sides.get(key);
    if (old) {
      this.#loop.violate(
        'link-leak',
        `${page.device} opens ${link} to ${device}, ${old.number} is open`,
      );
      this.#shut(old);
    }
    const side: Side = {
      page,
      callID,
      user,
      peer: device,
      number: link,
      isOfferer,
      state: 'signalling',
      isReported: false,
      closed: false,
    };
    this.#sides.set(key, side);
    const path = this.#pathOf(side);
    if (!this.#downAt.has(path)) this.#downAt.set(path, this.#loop.now);
    if (isOfferer) this.#signal(side, { type: 'offer' });
  }

  signal(page: Page, { callID, device, link: number, data }: SignalLink): void {
    const side = this.#sides.get(sideKey(callID, page.device, device));
    if (side?.number !== number) return;
    if (data['type'] === 'offer') {
      if (side.isOfferer) {
        this.#loop.violate('two-initiators', `${page.device} and ${device} link ${number}`);
        return;
      }
      if (side.state !== 'signalling') {
        this.#loop.violate('two-offers', `${device} offers link ${number} twice to ${page.device}`);
        return;
      }
      side.state = 'connecting';
      this.#signal(side, { type: 'answer' });
      this.#giveUpLater(side);
    } else if (side.isOfferer && side.state === 'signalling') {
      side.state = 'connecting';
      this.#giveUpLater(side);
      this.#connect(side);
    }
  }

  close(page: Page, { callID, device, link }: CloseLink): void {
    for (const side of this.of(page)) {
      if (side.callID === callID && side.peer === device && side.number === link) this.#end(side);
    }
  }

  closeAll(page: Page, callID: string): void {
    for (const side of this.of(page)) if (side.callID === callID) this.#end(side);
  }

  /** The page has crashed. */
  vanish(page: Page): void {
    for (const side of this.of(page)) {
      this.#shut(side);
      const other = this.#otherSide(side);
      if (other) this.#lose(other, 2_500 + this.#draw() * 2_500);
    }
  }

  of(page: Page): Side[] {
    return [...this.#sides.values()].filter((side) => side.page === page);
  }

  /** A page puts a call on hold, or continues it. */
  hold(page: Page, callID: string, on: boolean): void {
    const key = `${callID} ${page.device}`;
    if (on) this.#onHold.add(key);
    else this.#onHold.delete(key);
  }

  /** Whether this page sends and receives media in this call, as soon as its links are up. */
  isActive(page: Page, callID: string): boolean {
    return !this.#onHold.has(`${callID} ${page.device}`);
  }

  /** Whether the link between these two pages in this call is up. */
  isUp(callID: string, a: Page, b: Page): boolean {
    const keys = [sideKey(callID, a.device, b.device), sideKey(callID, b.device, a.device)];
    return keys.every((key) => {
      const side = this.#sides.get(key);
      return side?.state === 'up';
    });
  }

  /** Whether media flow between these two pages, and `page` has learned that. */
  isKnownUp(callID: string, page: Page, other: Page): boolean {
    const side = this.#sides.get(sideKey(callID, page.device, other.device));
    return side?.isReported === true && this.isUp(callID, page, other);
  }

  breakPath(a: string, b: string, forMs: number): void {
    const path = pathKey(a, b);
    this.#broken.set(path, (this.#broken.get(path) ?? 0) + 1);
    this.#loop.note(() => `media broken between ${path}`);
    for (const side of this.#onPath(path)) {
      if (side.state === 'up') this.#lose(side, 1_500 + this.#draw() * 1_500);
    }
    this.#loop.after(forMs, () => {
      const left = (this.#broken.get(path) ?? 1) - 1;
      if (left > 0) return void this.#broken.set(path, left);
      this.#broken.delete(path);
      this.#healedAt.set(path, this.#loop.now);
      this.#loop.note(() => `media healed between ${path}`);
      for (const side of this.#onPath(path)) {
        if (side.isOfferer && side.state !== 'signalling') this.#connect(side);
      }
    });
  }

  /** How long all paths have worked, in ms; infinity if none was ever broken. */
  get wellForMs(): number {
    if (this.#broken.size > 0) return 0;
    return this.#loop.now - Math.max(-Infinity, ...this.#healedAt.values());
  }

  /**
   * Whether media explain that a call between two pages has ended at the first one: that page knew of no link for almost thirty
   * seconds, and the path did not work long enough for another one.
   */
  explainsEnd(callID: string, page: Page, other: Page): boolean {
    if (this.isKnownUp(callID, page, other)) return false;
    const path = pathKey(phoneOf(page.device), phoneOf(other.device));
    const { now } = this.#loop;
    const wasDownFor = now - (this.#downAt.get(path) ?? -Infinity);
    const wellFor = this.#broken.has(path) ? 0 : now - (this.#healedAt.get(path) ?? -Infinity);
    return wasDownFor > DOWN_MS && wellFor < RELINK_MS;
  }

  #onPath(path: string): Side[] {
    return [...this.#sides.values()].filter((side) => this.#pathOf(side) === path);
  }

  #pathOf(side: Side): string {
    return pathKey(phoneOf(side.page.device), phoneOf(side.peer));
  }

  #isBroken(side: Side): boolean {
    return this.#broken.has(this.#pathOf(side));
  }

  #otherSide(side: Side): Side | undefined {
    const other = this.#sides.get(sideKey(side.callID, side.peer, side.page.device));
    return other?.number === side.number ? other : undefined;
  }

  #signal(side: Side, data: { type: string }): void {
    const { callID, user, peer: device, number: link, page } = side;
    const by = `${page.user} ${page.device}`;
    this.#loop.after(10 + this.#draw() * 80, () => {
      if (side.closed) return;
      page.feed({ type: 'link.signal', callID, user, device, link, data: { ...data, by } });
    });
  }

  /** Connects a link that both sides have opened, if its path works. */
  #connect(side: Side): void {
    this.#loop.after(50 + this.#draw() * 400, () => {
      const other = this.#otherSide(side);
      if (!other || side.closed || other.closed || this.#isBroken(side)) return;
      for (const each of [side, other]) {
        if (each.state === 'up' || each.state === 'signalling') continue;
        each.state = 'up';
        this.#report(each, 'link.up', this.#draw() * 100);
      }
    });
  }

  #giveUpLater(side: Side): void {
    this.#loop.after(CONNECT_MS, () => {
      if (side.state === 'connecting') this.#fail(side);
    });
  }

  #lose(side: Side, noticeMs: number): void {
    this.#loop.after(noticeMs, () => {
      const other = this.#otherSide(side);
      const isReachable = other !== undefined && !other.closed && !this.#isBroken(side);
      if (side.closed || side.state !== 'up') return;
      if (isReachable && other.state === 'up') return;
      side.state = 'down';
      this.#downAt.set(this.#pathOf(side), this.#loop.now);
      this.#report(side, 'link.down', 0);
      this.#loop.after(HEAL_MS + this.#draw() * 3_000, () => {
        if (side.state === 'down') this.#fail(side);
      });
      if (isReachable) this.#connect(side);
    });
  }

  #fail(side: Side): void {
    if (side.closed) return;
    this.#report(side, 'link.failed', 0);
  }

  #end(side: Side): void {
    this.#shut(side);
    const other = this.#otherSide(side);
    if (!other) return;
    // The WebRTC library notices a close immediately if the path works.
    if (this.#isBroken(side)) this.#lose(other, 1_500 + this.#draw() * 1_500);
    else this.#report(other, 'link.failed', 100 + this.#draw() * 200);
  }

  #shut(side: Side): void {
    side.closed = true;
    if (side.state === 'up') this.#downAt.set(this.#pathOf(side), this.#loop.now);
    const key = sideKey(side.callID, side.page.device, side.peer);
    if (this.#sides.get(key) === side) this.#sides.delete(key);
  }

  #report(side: Side, type: 'link.up' | 'link.down' | 'link.failed', ms: number): void {
    const { callID, user, peer: device, number: link, page } = side;
    const stateThen = side.state;
    this.#loop.after(ms, () => {
      if (side.closed || (type === 'link.up' && side.state !== stateThen)) return;
      this.#loop.note(() => `${page.device} ${type} ${callID} ${device} ${link}`);
      if (type === 'link.failed') this.#end(side);
      else side.isReported = type === 'link.up';
      page.feed({ type, callID, user, device, link });
    });
  }
}

/** The phone that loaded the page with this device ID. */
export const phoneOf = (device: string): string => device.split('.')[0] ?? device;
