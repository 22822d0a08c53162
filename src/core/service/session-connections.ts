import type { MemberSnapshot } from '../machine/snapshot-types.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { MediaEvent } from '../ports/media.js';
import type { NetworkEvents } from '../ports/network-events.js';
import type { SignalTransport } from '../ports/signal-transport.js';
import { oneOf } from '../protocol/one-of.js';
import type { CallStatus } from '../protocol/vocabulary.js';
import type { Callbacks } from './callbacks.js';
import { ConnectionMonitor } from './connection-monitor.js';
import type { EventQueue } from './event-queue.js';
import type { MediaRunner } from './media-runner.js';
import { NetworkRecovery } from './network-recovery.js';
import type { Stores } from './stores.js';

/** An event of the links of the current call. */
export type LinkEvent = Exclude<
  MediaEvent,
  { readonly type: 'local' | 'remote' | 'devices' | 'fault' | 'verification' }
>;

interface ConnectionDependencies {
  readonly clock: Clock;
  readonly transport: SignalTransport;
  readonly networkEvents: NetworkEvents | undefined;
  readonly logger: Logger | undefined;
  readonly stores: Stores;
  readonly callbacks: Callbacks;
  readonly media: MediaRunner;
  readonly queue: EventQueue;
  /** Whether the initial sync is complete. */
  readonly isSynced: () => boolean;
}

export interface SessionConnections {
  /** To be called after each change of the call, and of the connection to the server. */
  show(members: readonly MemberSnapshot[]): void;
  /** To be called when the initial sync is complete. */
  synced(): void;
  /** To be called with each event of the links, after the machine has handled it. */
  handle(event: LinkEvent): void;
  stop(): void;
}

/** While a call may have media links. */
const hasLinks = oneOf<CallStatus>('connecting', 'active', 'reconnecting');

/** Restores the connections of a session after a change of the network, and publishes how well members are connected. */
export function watchConnections({
  clock,
  transport,
  networkEvents,
  logger,
  stores,
  callbacks,
  media,
  queue,
  isSynced,
}: ConnectionDependencies): SessionConnections {
  const monitor = new ConnectionMonitor({
    clock,
    onChange(levels, changes) {
      stores.showConnections(levels);
      media.tellConnection(levels.own);
      const { callID } = stores.$call.get();
      if (changes.length > 0)
        callbacks.fire({ name: 'onMemberConnectionChanged', args: [callID, [...changes]] });
    },
  });
  const restartLinks = (): void => media.restartLinks();
  const recovery = new NetworkRecovery({ clock, transport, logger, isSynced, restartLinks });
  networkEvents?.open((event) => recovery.handle(event));

  return {
    show(members) {
      const { callID, status } = stores.$call.get();
      const signalling = stores.$connection.get() === 'connected';
      monitor.show({ callID, isRunning: hasLinks(status), members, signalling });
    },
    synced: () => recovery.onSynced(),
    handle(event) {
      switch (event.type) {
        case 'route-changed':
          return recovery.onRouteChanged();
        case 'link-report':
          return queue.push(() => monitor.report(event.user, event.report));
        case 'link-up':
          return queue.push(() => monitor.linkUp(event.user));
        case 'link-down':
          return recovery.onLinkDown();
        case 'link-failed':
        case 'link-progress':
        case 'signal':
        // They change nothing that the members' states do not show.
      }
    },
    stop() {
      networkEvents?.close();
      recovery.stop();
      monitor.stop();
    },
  };
}
