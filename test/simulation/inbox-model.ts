import type {
  Delivered,
  InboxReport,
  MessageOf,
  Sender,
} from '../../src/core/protocol/messages.js';
import type { GroundTruth } from './ground-truth.js';

/** An undecided invitation of one user. */
export interface Entry {
  readonly user: string;
  readonly round: number;
  readonly invite: MessageOf<'invite'>;
  readonly from: Sender;
  readonly at: number;
  /** By the clock of the server, in ms. */
  readonly expiresAt: number;
  /** Whether a device of the user has sent a message about it. */
  known: boolean;
}

interface Missed {
  readonly entry: Entry;
  readonly reason: 'canceled' | 'timeout';
  readonly at: number;
  fresh: boolean;
}

const keyOf = (user: string, callID: string) => `${user} ${callID}`;

/** The data that the server keeps after a restart: open invitations, missed calls, and the results of invitations. */
export class Inbox {
  readonly #open = new Map<string, Entry>();
  readonly #missed = new Map<string, Missed>();
  readonly #settled = new Map<string, { round: number; how: 'answered' | 'ended' }>();
  readonly #truth: GroundTruth;

  constructor(truth: GroundTruth) {
    this.#truth = truth;
  }

  open(): Entry[] {
    return [...this.#open.values()];
  }

  openFor(callID: string): Entry[] {
    return this.open().filter((entry) => entry.invite.callID === callID);
  }

  has(entry: Entry): boolean {
    return this.#open.get(keyOf(entry.user, entry.invite.callID)) === entry;
  }

  hasMissed(user: string, callID: string): boolean {
    return this.#missed.has(keyOf(user, callID));
  }

  isSettled(user: string, callID: string, round: number): boolean {
    const settled = this.#settled.get(keyOf(user, callID));
    return settled !== undefined && settled.round >= round;
  }

  /** @returns the new entry; undefined if there is one of this round or a later one */
  add(
    user: string,
    round: number,
    invite: MessageOf<'invite'>,
    from: Sender,
    at: number,
  ): Entry | undefined {
    const key = keyOf(user, invite.callID);
    const old = this.#open.get(key);
    if (old && old.round >= round) return undefined;
    this.#missed.delete(key);
    const entry = {
      user,
      round,
      invite,
      from,
      at,
      expiresAt: at + invite.remainingMs,
      known: false,
    };
    this.#open.set(key, entry);
    return entry;
  }

  /** The user has answered this round. @param device that says so; none: another user */
  answered(user: string, callID: string, round: number, device?: string): void {
    const key = keyOf(user, callID);
    const entry = this.#open.get(key);
    if (device !== undefined)
      this.#truth.answerReceived(callID, device, Math.min(round, entry?.round ?? round));
    if (entry && entry.round <= round) {
      this.#open.delete(key);
      this.#settled.set(key, { round: entry.round, how: 'answered' });
      return;
    }
    // A later round is a join: the invitation stays missed.
    const settled = this.#settled.get(key);
    if (!entry && settled?.round === round) settled.how = 'answered';
    if (this.#missed.get(key)?.entry.round === round) this.#missed.delete(key);
  }

  /** The user was selected in this round. An invitation to this round that is still in transit is decided, too. */
  selected(user: string, callID: string, round: number): void {
    this.answered(user, callID, round);
    const key = keyOf(user, callID);
    if ((this.#open.get(key)?.round ?? 0) > round) return;
    if ((this.#settled.get(key)?.round ?? 0) < round)
      this.#settled.set(key, { round, how: 'answered' });
  }

  /** A device of the user rings, or rejects the invitation. */
  known(user: string, callID: string): void {
    const key = keyOf(user, callID);
    const entry = this.#open.get(key);
    if (entry) entry.known = true;
    const missed = this.#missed.get(key);
    if (missed) missed.fresh = false;
  }

  /** The invitation ended without an answer. `fresh`: no device of the user was connected. */
  missed(
    user: string,
    callID: string,
    reason: 'canceled' | 'timeout',
    at: number,
    fresh: boolean,
  ): void {
    const key = keyOf(user, callID);
    const entry = this.#open.get(key);
    if (!entry) return;
    this.#open.delete(key);
    this.#missed.set(key, { entry, reason, at, fresh: fresh || !entry.known });
    this.#settled.set(key, { round: entry.round, how: 'ended' });
  }

  /** The invitation is over without a missed call, because of glare. */
  forget(user: string, callID: string): void {
    const key = keyOf(user, callID);
    this.#open.delete(key);
    this.#missed.delete(key);
    if (this.#settled.get(key)?.how === 'ended') this.#settled.delete(key);
  }

  /** The inbox report that a device gets after its initial sync; `known`: missed calls that it already has. */
  report(user: string, known: readonly string[], before: number): InboxReport {
    const missed = [...this.#missed.values()].filter((each) => each.entry.user === user);
    for (const each of missed) if (known.includes(each.entry.invite.callID)) each.fresh = false;
    const reported = missed.filter((each) => each.at < before);
    const inbox: InboxReport = {
      missed: reported.map(({ entry, reason, at, fresh }) => ({
        invite: { ...entry.invite, from: entry.from, at: entry.at } satisfies Delivered,
        reason,
        at,
        fresh,
      })),
      settled: [...this.#settled]
        .filter(([key]) => key.startsWith(`${user} `))
        .map(([key, settled]) => ({ callID: key.slice(user.length + 1), ...settled })),
    };
    for (const each of reported) each.fresh = false;
    return inbox;
  }
}
