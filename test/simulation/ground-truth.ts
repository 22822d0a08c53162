import type { Page } from './device.js';
import type { EventLoop } from './event-loop.js';

/** A press on a button that answered an invitation. */
export interface Press {
  readonly how: 'accept' | 'decline' | 'hang-up' | 'join';
  readonly at: number;
  readonly page: Page;
  /** Whether the page could send it: it was connected, and the call was not decided yet. */
  readonly wasConnected: boolean;
  /** Whether it was a join that was not admitted, which answers no invitation of its round. */
  readonly notAdmitted?: boolean;
}

/** A member ends an invitation, or selects a device. */
interface Decision {
  readonly by: Page;
  readonly at: number;
  readonly isSelection: boolean;
}

/** The end of a call at one page. */
export interface End {
  readonly page: Page;
  readonly at: number;
  readonly phaseBefore: string;
  readonly reason: string;
  readonly round: number;
  /** How long all media paths have worked, in ms. */
  readonly mediaWellFor: number;
  /** How long another member was in the call while both pages were connected, unless media explain the end, in ms. */
  readonly togetherFor: number;
  /** Whether this page knew of another call that another device of its user was in, or the call rang quietly. */
  readonly isBusyElsewhere: boolean;
}

/** What really happened in one call. */
export interface ActualCall {
  readonly id: string;
  readonly sender: Page;
  readonly invitees: readonly string[];
  readonly sentAt: number;
  /** Whether more than two users were ever in the call or invited. */
  group: boolean;
  /** The highest round that the server knows, by user. */
  readonly invited: Map<string, number>;
  /** When the server received the invitation to that round, by user. */
  readonly invitedAt: Map<string, number>;
  /** By user and round. */
  readonly presses: Map<string, Press>;
  /** Pages on which the user pressed a button that answers. */
  readonly answeredOn: Set<Page>;
  /** Pages on which the user declined, or hung up while connecting. */
  readonly declinedOn: Map<Page, 'decline' | 'hang-up'>;
  /** Pages on which a member hung up, cancelled, or closed the page in order. */
  readonly hungUp: Set<Page>;
  /** The highest round whose answer reached the server, by the device that has answered. */
  readonly answeredRounds: Map<string, number>;
  /** The highest round whose `accept`, other than a join, reached the server, by the device that has sent it. */
  readonly acceptedRounds: Map<string, number>;
  /** The decisions of coordinators that the server has not refused, in order, by user and round. */
  readonly decisions: Map<string, Decision[]>;
  /** When a coordinator decided first, and on which page, by user and round. */
  readonly decided: Map<string, number>;
  readonly deciders: Map<string, Page>;
  /** Rounds in which a coordinator selected a device, with the page that did last, by user and round. */
  readonly selected: Map<string, Page>;
  /** Users whose invitation was withdrawn because of glare. */
  readonly glared: Set<string>;
  /** The call that continued instead, by the page that withdrew it. */
  survivor?: string | undefined;
  /** When a member was in it last. */
  lastIn: number;
  readonly ends: End[];
  /** Number of joins, by page. */
  readonly joins: Map<Page, number>;
}

export const roundKey = (user: string, round: number): string => `${user} ${round}`;

/** Records what users pressed and when, independent of the machines. */
export class GroundTruth {
  readonly calls = new Map<string, ActualCall>();
  readonly #invitations: { readonly page: Page; readonly callID: string; readonly at: number }[] =
    [];
  /** When the server was restarted last. */
  restartedAt = -Infinity;
  readonly #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  sent(id: string, sender: Page, invitees: readonly string[]): void {
    this.calls.set(id, {
      id,
      sender,
      invitees,
      sentAt: this.#loop.now,
      group: invitees.length > 1,
      invited: new Map(),
      invitedAt: new Map(),
      presses: new Map(),
      answeredOn: new Set(),
      declinedOn: new Map(),
      hungUp: new Set(),
      answeredRounds: new Map(),
      acceptedRounds: new Map(),
      decisions: new Map(),
      decided: new Map(),
      deciders: new Map(),
      selected: new Map(),
      glared: new Set(),
      lastIn: this.#loop.now,
      ends: [],
      joins: new Map(),
    });
  }

  invited(id: string, user: string, round: number): void {
    const call = this.calls.get(id);
    if (!call) return;
    if (round > (call.invited.get(user) ?? 0)) {
      call.invited.set(user, round);
      call.invitedAt.set(user, this.#loop.now);
    }
    if (call.invited.size > 1) call.group = true;
  }

  answerReceived(id: string, device: string, round: number): void {
    const call = this.calls.get(id);
    if (call && round > (call.answeredRounds.get(device) ?? 0)) {
      call.answeredRounds.set(device, round);
    }
  }

  acceptReceived(id: string, device: string, round: number): void {
    const rounds = this.calls.get(id)?.acceptedRounds;
    rounds?.set(device, Math.max(round, rounds.get(device) ?? 0));
  }

  pressed(id: string, round: number, page: Page, how: Press['how']): void {
    const call = this.calls.get(id);
    if (!call) return;
    const { now } = this.#loop;
    call.answeredOn.add(page);
    if (how === 'decline' || how === 'hang-up') call.declinedOn.set(page, how);
    const key = roundKey(page.user, round);
    const { connection } = page;
    const wasConnected =
      connection?.open === true && !connection.dead && !((call.decided.get(key) ?? Infinity) < now);
    // An answer that reached another device takes precedence over one that did not, and over a join, which may not
    // be admitted.
    const before = call.presses.get(key);
    const isJoin = before?.how === 'join' && how !== 'join' && page !== before.page;
    if (before?.wasConnected !== true || before.notAdmitted || isJoin)
      call.presses.set(key, { how, at: now, page, wasConnected });
  }

  /** The join of `page` was admitted by another round, and answers only that one. */
  joinAdmitted(id: string, requested: number, page: Page): void {
    const presses = this.calls.get(id)?.presses;
    const key = roundKey(page.user, requested);
    const press = presses?.get(key);
    if (press?.how === 'join' && press.page === page) presses?.delete(key);
  }

  /** The join of `page` was not admitted. */
  joinNotAdmitted(id: string, round: number, page: Page): void {
    const presses = this.calls.get(id)?.presses;
    const key = roundKey(page.user, round);
    const press = presses?.get(key);
    if (press?.how === 'join' && press.page === page)
      presses?.set(key, { ...press, notAdmitted: true });
  }

  /** A page is closed, crashes or is reloaded: it was in its calls until now, and its joins are not admitted any more. */
  pageEnded(page: Page): void {
    for (const { id, phase, joining } of page.state.calls.values()) {
      const call = this.calls.get(id);
      if (call && phase === 'in') call.lastIn = this.#loop.now;
      if (joining) this.joinNotAdmitted(id, joining.round, page);
    }
  }

  decided(id: string, user: string, round: number, by: Page, isSelection: boolean): void {
    const call = this.calls.get(id);
    const key = roundKey(user, round);
    if (!call) return;
    const decision = { by, at: this.#loop.now, isSelection };
    this.#setDecisions(call, key, [...(call.decisions.get(key) ?? []), decision]);
  }

  /** The server has refused this decision: its sender does not coordinate the invitation. Nobody else received it. */
  decisionRefused(id: string, user: string, round: number, by: Page): void {
    const call = this.calls.get(id);
    const key = roundKey(user, round);
    const decisions = call?.decisions.get(key) ?? [];
    if (call)
      this.#setDecisions(
        call,
        key,
        decisions.filter((decision) => decision.by !== by),
      );
  }

  #setDecisions(call: ActualCall, key: string, decisions: Decision[]): void {
    call.decisions.set(key, decisions);
    const first = decisions[0];
    const selection = decisions.findLast(({ isSelection }) => isSelection);
    setOrDelete(call.decided, key, first?.at);
    setOrDelete(call.deciders, key, first?.by);
    setOrDelete(call.selected, key, selection?.by);
  }

  /** The page has invited more users to a call, which may have been on hold before. */
  invitedInto(page: Page, callID: string): void {
    this.#invitations.push({ page, callID, at: this.#loop.now });
  }

  /** Whether this page placed a call other than `callID`, or invited users to one, in this period. */
  placed(page: Page, callID: string, from: number, to: number): boolean {
    const placed = [...this.calls.values()].map((call) => ({
      ...{ page: call.sender, callID: call.id, at: call.sentAt },
    }));
    return [...placed, ...this.#invitations].some(
      (one) => one.page === page && one.callID !== callID && one.at >= from && one.at <= to,
    );
  }

  /** The press that answered this round or a later one. */
  answer(call: ActualCall, user: string, round: number): Press | undefined {
    const press = call.presses.get(roundKey(user, round));
    return press?.notAdmitted && !call.selected.has(roundKey(user, round)) ? undefined : press;
  }

  answeredLater(call: ActualCall, user: string, round: number): boolean {
    return [...call.presses.keys()].some((key) => {
      const [who, when] = key.split(' ');
      return who === user && Number(when) > round;
    });
  }
}

function setOrDelete<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
