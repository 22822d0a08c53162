import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { NetworkEvent } from '../ports/network-events.js';
import type { SignalTransport } from '../ports/signal-transport.js';

/** Least time between two restarts of all links, in ms: one change of the network causes several events. */
const RESTART_GAP_MS = 1_000;
/** After a restart, a new route of a link is what the restart has found, for this time in ms. */
const ROUTE_GAP_MS = 10_000;
/** Least time between two checks of the connection because a link is down, in ms. */
const CHECK_GAP_MS = 5_000;

interface RecoveryDependencies {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly transport: Pick<SignalTransport, 'networkChanged' | 'reconnect'>;
  readonly logger: Logger | undefined;
  /** Whether signalling works and messages can be exchanged. */
  readonly isSynced: () => boolean;
  /** Restarts ICE on all links of the call. */
  readonly restartLinks: () => void;
}

/**
 * Restores the connections of this device when its network has changed, without waiting for time-outs. It is the only
 * part that restarts all links: first it makes sure that signalling works, because an offer that is sent over a dead
 * connection is lost.
 */
export class NetworkRecovery {
  readonly #parts: RecoveryDependencies;
  #needsRestart = false;
  #restartedAt = -Infinity;
  #checkedAt = -Infinity;
  #stopTimer: (() => void) | undefined;

  constructor(parts: RecoveryDependencies) {
    this.#parts = parts;
  }

  handle(event: NetworkEvent): void {
    this.#parts.logger?.info('network', { event });
    if (event === 'changed' || event === 'resumed') this.#needsRestart = true;
    void this.#check(event === 'changed');
  }

  /** The selected route of a link goes over another network of this device than before. */
  onRouteChanged(): void {
    if (this.#parts.clock.now() - this.#restartedAt < ROUTE_GAP_MS) return;
    this.handle('resumed');
  }

  /** A link is down: finds out whether the connection to the server is dead as well. */
  onLinkDown(): void {
    if (this.#parts.clock.now() - this.#checkedAt >= CHECK_GAP_MS) void this.#check(false);
  }

  /** The connection to the server is established, and the initial sync is complete. */
  onSynced(): void {
    this.#restart();
  }

  stop(): void {
    this.#needsRestart = false;
    this.#stopTimer?.();
  }

  async #check(isCertain: boolean): Promise<void> {
    const { clock, transport } = this.#parts;
    this.#checkedAt = clock.now();
    // A transport that can't be checked counts as working. Otherwise `onSynced` follows.
    if (!transport.networkChanged) transport.reconnect?.();
    else if (!(await transport.networkChanged(isCertain))) return;
    this.#restart();
  }

  #restart(): void {
    const { clock, isSynced, restartLinks } = this.#parts;
    if (!this.#needsRestart || !isSynced() || this.#stopTimer) return;
    const wait = this.#restartedAt + RESTART_GAP_MS - clock.now();
    if (wait > 0) {
      this.#stopTimer = clock.after(wait, () => {
        this.#stopTimer = undefined;
        this.#restart();
      });
      return;
    }
    this.#needsRestart = false;
    this.#restartedAt = clock.now();
    restartLinks();
  }
}
