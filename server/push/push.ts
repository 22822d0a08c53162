import type { Bus } from '../routing/bus.js';
import { nodeClock } from '../clock/clock.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { Presence } from '../presence/presence.js';
import type { Stamp } from '../messages/stamp.js';
import type { Secrets } from '../storage/secrets.js';
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
  readonly vapid?: VapidOptions;
  /**
   * A test's push service on loopback. Never a client's choice.
   * @internal
   */
  readonly reach?: EndpointPolicy;
}

/** What Web Push stores, and shares with other nodes. */
export interface PushStores {
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  readonly secrets: Secrets;
  /** Outcomes of pushed invitations at other nodes. Without it, this server shares its users with no other one. */
  readonly otherServers?: PushOutcomeBus;
}

interface PushDependencies extends PushStores {
  readonly options: PushOptions;
  /** Where the server is mounted, without a slash at its end. */
  readonly path: string;
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly metrics: Pick<Metrics, 'decided'>;
  readonly logger: Logger;
}

/** Web Push, put together. */
export interface PushService {
  /** The same inbox; what it is told is pushed. */
  readonly inbox: Inbox;
  readonly questions: PushRequests;
  /** Requests with tickets. */
  readonly handle: ReturnType<typeof ticketRequests>;
  /** Gives up what is on its way. */
  close(): void;
}

/** @throws {TypeError} when the options name no VAPID subject or keys */
export function createPush(parts: PushDependencies): PushService {
  const { options, path, subscriptions, connected, otherServers, secrets, logger } = parts;
  const endpointPolicy = options.reach ?? publicEndpointPolicy();
  // Nodes may have to agree on other secrets while they run: they are read anew each time.
  const vapid = () => readVapid(options.vapid ?? {}, secrets.vapid);
  vapid();
  const tickets = new Tickets(() => secrets.ticketSecret);
  const sender = new PushSender({ vapid, endpointPolicy, logger, clock: nodeClock });
  const pushes = new PushDispatcher({
    subscriptions,
    connected,
    otherServers,
    sender,
    tickets,
    now: Date.now,
    logger,
  });
  const inbox = pushingInbox(parts.inbox, pushes);
  const actions = new PushDeclineHandler({ ...parts, inbox });
  return {
    inbox,
    questions: new PushRequests({
      key: () => vapid().publicKey,
      subscriptions,
      connected,
      endpointPolicy,
    }),
    handle: ticketRequests(path, { tickets, actions, logger }),
    close: () => sender.close(),
  };
}
