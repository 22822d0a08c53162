import type { MemberSnapshot } from '../machine/snapshot-types.js';
import type { Clock } from '../ports/clock.js';
import type { LinkReport } from '../ports/media.js';
import { nextStatus, NO_STATUS } from './connection-status.js';
import type { LinkObservation, Levels } from './connection-status.js';
import type { MemberConnection } from './snapshots.js';

interface MonitorDependencies {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Called when a level has changed, with the changes that pages are told. */
  readonly onChange: (levels: Levels, changes: readonly MemberConnection[]) => void;
}

/** What the monitor reads of the call of this device. */
export interface MonitoredCall {
  readonly callID: string;
  /** Whether media may flow. */
  readonly isRunning: boolean;
  readonly members: readonly MemberSnapshot[];
  readonly signalling: boolean;
}

/** Collects what is known of the connections of a call, and reports how well each member is connected. */
export class ConnectionMonitor {
  readonly #parts: MonitorDependencies;
  #call: MonitoredCall | undefined;
  #status = NO_STATUS;
  /** Users to whom a link has been up, with the last report of it. */
  readonly #linked = new Map<string, LinkReport | undefined>();
  #stopTimer: (() => void) | undefined;

  constructor(parts: MonitorDependencies) {
    this.#parts = parts;
  }

  /** To be called after each change of the call, and of the connection to the server. */
  show(call: MonitoredCall): void {
    if (call.callID !== this.#call?.callID || !call.isRunning) this.stop();
    this.#call = call;
    if (call.isRunning && this.#linked.size > 0) this.#update();
  }

  /** A link to this user is up. */
  linkUp(user: string): void {
    this.#linked.set(user, undefined);
    this.#update();
  }

  report(user: string, report: LinkReport): void {
    if (!this.#linked.has(user)) return;
    this.#linked.set(user, report);
    this.#update();
  }

  /** Forgets the call. */
  stop(): void {
    this.#stopTimer?.();
    this.#linked.clear();
    if (this.#status === NO_STATUS) return;
    this.#status = NO_STATUS;
    this.#parts.onChange(NO_STATUS.levels, []);
  }

  #update(): void {
    const call = this.#call;
    if (!call?.isRunning) return;
    const { clock, onChange } = this.#parts;
    const before = this.#status.levels;
    const links = new Map<string, LinkObservation>();
    for (const { userID, state, self } of call.members) {
      if (self || (state !== 'accepted' && state !== 'reconnecting')) {
        this.#linked.delete(userID);
        continue;
      }
      const up = this.#linked.has(userID) ? 'up' : 'opening';
      links.set(userID, {
        state: state === 'reconnecting' ? 'down' : up,
        report: this.#linked.get(userID),
      });
    }
    const now = clock.now();
    this.#status = nextStatus(this.#status, { signalling: call.signalling, links }, now);
    this.#stopTimer?.();
    const { levels, changesAt } = this.#status;
    if (changesAt !== undefined)
      this.#stopTimer = clock.after(Math.max(0, changesAt - now), () => this.#update());
    const changes = call.members.flatMap(({ userID, self }) => {
      const [old, level] = self
        ? [before.own, levels.own]
        : [before.others.get(userID), levels.others.get(userID)];
      return level === old ? [] : [{ userID, connection: level }];
    });
    if (changes.length === 0) return;
    onChange(
      levels,
      changes.flatMap(({ userID, connection }) => (connection ? [{ userID, connection }] : [])),
    );
  }
}
