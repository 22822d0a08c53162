import type { Bus } from '../routing/bus.js';
import { nodeClock } from '../clock/clock.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { mayRing } from '../../src/core/protocol/preferences.js';
import type { Preferences } from '../preferences/preferences.js';
import type { Presence } from '../presence/presence.js';
import type { Stamp } from '../messages/stamp.js';
import type { Secrets } from '../storage/secrets.js';
import type { CallHistories } from '../routing/call-histories.js';
import type { ConnectedPages } from './connected-pages.js';
import type { PushSubscriptions } from './subscriptions.js';
import { PushDeclineHandler } from './decline-handler.js';
import { publicEndpointPolicy, type EndpointPolicy } from './endpoint-policy.js';
import { PushDispatcher, type PushOutcomeBus } from './push-dispatcher.js';
import { pushingInbox } from './pushing-inbox.js';
import { PushRequests } from './push-requests.js';
import { PushSender } from './push-sender.js';
import { Tickets } from './ticket.js';
import { ticketRequests } from './ticket-requests.js';
import { readVapid, type VapidOptions } from './vapid.js';

export interface PushOptions {
  /** VAPID keys and subject. Default: generated keys, and a placeholder subject. */
  readonly vapid?: VapidOptions;
  /**
   * Replaces the endpoint policy, for a push service of a test on loopback.
   * @internal
   */
  readonly reach?: EndpointPolicy;
}

/** The stores of Web Push, which nodes share. */
export interface PushStores {
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  readonly secrets: Secrets;
  /** Notifies other nodes of settled invitations. Undefined if this is the only node. */
  readonly otherServers?: PushOutcomeBus;
}

interface PushDependencies extends PushStores {
  readonly options: PushOptions;
  /** The path of the server, without a slash at the end. */
  readonly path: string;
  readonly presence: Presence;
  readonly preferences: Preferences;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly metrics: Pick<Metrics, 'decided'>;
  /** Undefined if the server keeps no call histories. */
  readonly histories?: Pick<CallHistories, 'declined'> | undefined;
  readonly logger: Logger;
}

/** The parts of Web Push that the server uses. */
export interface PushService {
  /** Wraps the given inbox: its changes cause pushes. */
  readonly inbox: Inbox;
  readonly requests: PushRequests;
  /** Handles HTTP requests with tickets. */
  readonly handle: ReturnType<typeof ticketRequests>;
  /** Cancels unfinished pushes. */
  close(): void;
}

/** @throws {TypeError} if the VAPID subject or keys are invalid */
export function createPush(parts: PushDependencies): PushService {
  const { options, path, subscriptions, connected, otherServers, secrets, logger } = parts;
  const endpointPolicy = options.reach ?? publicEndpointPolicy();
  // Read for each use, because nodes may agree on other secrets while they run.
  const vapid = () => readVapid(options.vapid ?? {}, secrets.vapid);
  vapid();
  const tickets = new Tickets(() => secrets.ticketSecret);
  const sender = new PushSender({ vapid, endpointPolicy, logger, clock: nodeClock });
  const pushes = new PushDispatcher({
    subscriptions,
    connected,
    mayDisturb: async (userID, callerID) =>
      mayRing(await parts.preferences.of(userID), callerID, Date.now()),
    isBusy: async (userID, callID) =>
      (await parts.presence.busyDevicesOf(userID)).some(({ callIDs }) =>
        callIDs.some((id) => id !== callID),
      ),
    otherServers,
    sender,
    tickets,
    clock: nodeClock,
    logger,
  });
  const inbox = pushingInbox(parts.inbox, pushes);
  const actions = new PushDeclineHandler({ ...parts, inbox });
  return {
    inbox,
    requests: new PushRequests({
      key: () => vapid().publicKey,
      subscriptions,
      connected,
      endpointPolicy,
    }),
    handle: ticketRequests(path, { tickets, actions, logger }),
    close: () => {
      pushes.close();
      sender.close();
    },
  };
}
