import type { Page } from './device.js';
import type { World } from './world.js';

/** Somebody pressed a button that answers an invitation, and the button took. */
export interface Press {
  readonly how: 'accept' | 'decline' | 'hang-up' | 'join';
  readonly at: number;
  readonly page: Page;
  /** The page could tell somebody: it was connected, and the call was not decided yet. */
  readonly told: boolean;
  /** A join that nobody let in: it answers no invitation of its round. */
  readonly inVain?: boolean;
}

/** What became of one call at one page. */
export interface End {
  readonly page: Page;
  readonly at: number;
  readonly was: string;
  readonly reason: string;
  readonly round: number;
  /** How long media have passed everywhere, in ms. */
  readonly mediaWellFor: number;
  /** Somebody else was in the call, and both pages had been connected for so long, in ms. */
  readonly togetherFor: number;
}

/** What really happened in one call. */
export interface CallTruth {
  readonly id: string;
  readonly sender: Page;
  readonly invitees: readonly string[];
  readonly sentAt: number;
  /** More than two users were ever in or invited. */
  group: boolean;
  /** The highest round that the server knows, by user. */
  readonly invited: Map<string, number>;
  /** By user and round. */
  readonly presses: Map<string, Press>;
  /** Pages at which somebody pressed something that answers. */
  readonly pressers: Set<Page>;
  /** Pages at which somebody declined, or hung up while connecting. */
  readonly refusers: Map<Page, 'decline' | 'hang-up'>;
  /** Pages at which somebody who was in hung up, cancelled, or closed the page in order. */
  readonly hungUp: Set<Page>;
  /** The highest round whose answer reached the server, by user. */
  readonly heard: Map<string, number>;
  /** When a coordinator decided, by user and round; and which page. */
  readonly decided: Map<string, number>;
  readonly deciders: Map<string, Page>;
  /** Rounds in which a coordinator selected somebody, by user and round. */
  readonly selected: Set<string>;
  /** Whose invitation was withdrawn for a glare. */
  readonly glared: Set<string>;
  /** The call that went on in its place, by the page that withdrew it. */
  survivor?: string | undefined;
  /** When somebody was in it last. */
  lastIn: number;
  readonly ends: End[];
  /** How often somebody pressed join, by page. */
  readonly joins: Map<Page, number>;
}

export const roundKey = (user: string, round: number): string => `${user} ${round}`;

/** Knows who pressed what and when, apart from the machines. */
export class Truth {
  readonly calls = new Map<string, CallTruth>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  sent(id: string, sender: Page, invitees: readonly string[]): void {
    this.calls.set(id, {
      id,
      sender,
      invitees,
      sentAt: this.#world.now,
      group: invitees.length > 1,
      invited: new Map(),
      presses: new Map(),
      pressers: new Set(),
      refusers: new Map(),
      hungUp: new Set(),
      heard: new Map(),
      decided: new Map(),
      deciders: new Map(),
      selected: new Set(),
      glared: new Set(),
      lastIn: this.#world.now,
      ends: [],
      joins: new Map(),
    });
  }

  invited(id: string, user: string, round: number): void {
    const call = this.calls.get(id);
    if (!call) return;
    if (round > (call.invited.get(user) ?? 0)) call.invited.set(user, round);
    if (call.invited.size > 1) call.group = true;
  }

  heardAnswer(id: string, user: string, round: number): void {
    const call = this.calls.get(id);
    if (call && round > (call.heard.get(user) ?? 0)) call.heard.set(user, round);
  }

  pressed(id: string, round: number, page: Page, how: Press['how']): void {
    const call = this.calls.get(id);
    if (!call) return;
    const { now } = this.#world;
    call.pressers.add(page);
    if (how === 'decline' || how === 'hang-up') call.refusers.set(page, how);
    const key = roundKey(page.user, round);
    const { connection } = page;
    const told =
      connection?.open === true && !connection.dead && !((call.decided.get(key) ?? Infinity) < now);
    // An answer that somebody heard of counts before one that nobody did, and before a join, which may come to nothing.
    const before = call.presses.get(key);
    const isJoin = before?.how === 'join' && how !== 'join' && page !== before.page;
    if (before?.told !== true || before.inVain || isJoin)
      call.presses.set(key, { how, at: now, page, told });
  }

  /** What `page` hoped for by a join did not come about. */
  joinedInVain(id: string, round: number, page: Page): void {
    const presses = this.calls.get(id)?.presses;
    const key = roundKey(page.user, round);
    const press = presses?.get(key);
    if (press?.how === 'join' && press.page === page) presses?.set(key, { ...press, inVain: true });
  }

  decided(id: string, user: string, round: number, by: Page): void {
    const call = this.calls.get(id);
    const key = roundKey(user, round);
    if (!call || call.decided.has(key)) return;
    call.decided.set(key, this.#world.now);
    call.deciders.set(key, by);
  }

  /** This page placed another call in this time. */
  placed(page: Page, from: number, to: number): boolean {
    return [...this.calls.values()].some(
      ({ sender, sentAt }) => sender === page && sentAt >= from && sentAt <= to,
    );
  }

  /** The press that answered this round or a later one. */
  answer(call: CallTruth, user: string, round: number): Press | undefined {
    const press = call.presses.get(roundKey(user, round));
    return press?.inVain && !call.selected.has(roundKey(user, round)) ? undefined : press;
  }

  answeredLater(call: CallTruth, user: string, round: number): boolean {
    return [...call.presses.keys()].some((key) => {
      const [who, when] = key.split(' ');
      return who === user && Number(when) > round;
    });
  }
}
