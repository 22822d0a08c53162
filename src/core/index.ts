/**
 * Call invitations without custom elements, for pages and for Node. Media code is loaded only by {@link loadCallMedia}.
 */
import { lazyPart } from './loading/lazy-part.js';
import type { CallMediaOptions } from './media/call-media.js';
import { createCallHistory } from './history/history-manager.js';
import { createMissedCalls } from './missed-calls/missed-call-manager.js';
import { silentNotifier } from './notifications/silent-notifier.js';
import type { CallHistoryStorage } from './ports/call-history.js';
import type { CallMedia } from './ports/media.js';
import type { MissedCallStorage } from './ports/missed-call-storage.js';
import type { Notifier } from './ports/notifier.js';
import { CallError } from './service/call-error.js';
import { createInvitationService as createService } from './service/create-invitation-service.js';
import { systemClock } from './clock/system-clock.js';
import type { CallInvitationService, ServiceOptions as BaseOptions } from './service/types.js';
import { createDeviceChoiceStorage } from './storage/device-choices.js';
import { createMemoryHistoryStorage } from './storage/history-storage.js';
import { createMemoryStorage } from './storage/memory-storage.js';

export { CallError } from './service/call-error.js';
export type { CallConfig, PageConfig, MediaConfig, ScreenConfig } from './service/call-config.js';
export type { CallbackMap, CallbackName, InvitationEvents } from './service/callback-types.js';
export type { CallInvitationService, DoNotDisturb, SendOptions } from './service/types.js';
export type {
  CallSnapshot,
  Connection,
  LocalMediaSnapshot,
  Member,
  MemberConnection,
  RemoteMediaSnapshot,
} from './service/snapshots.js';
export type { MemberUpdate } from './machine/machine-callbacks.js';
export type { TransferSnapshot } from './machine/snapshot-types.js';
export type { SendResult } from './machine/types.js';
export type {
  CallHistory,
  CallHistoryEntry,
  CallHistoryHost,
  CallHistoryState,
  CallHistoryStorage,
  StoredHistory,
} from './ports/call-history.js';
export type { HistoryOutcome } from './protocol/history.js';
export type { MissedCallConfig, MissedCallEntry } from './ports/missed-calls.js';
export type { MissedCallStorage, StoredMissedCall } from './ports/missed-call-storage.js';
export type { Notice, NoticeClick, Notifier } from './ports/notifier.js';
export type {
  CallErrorCode,
  CallStatus,
  CallType,
  CallUser,
  EndReason,
  MemberState,
} from './protocol/vocabulary.js';
export type { Hello, Message } from './protocol/messages.js';
export type { Clock } from './ports/clock.js';
export type { Ids } from './ports/ids.js';
export type { CrossTabBusy as Line } from './ports/cross-tab-busy.js';
export type { Logger } from './ports/logger.js';
export type { NetworkEvent, NetworkEvents } from './ports/network-events.js';
export type {
  CallMedia,
  ConnectionLevel,
  DeviceList,
  DeviceProblem,
  DeviceState,
  LinkRef,
  LocalMedia,
  MediaEvent,
  MediaFault,
  MediaPreview,
  RemoteMedia,
  Verification,
  VerificationEmoji,
  VerificationFailure,
  SelectableKind,
} from './ports/media.js';
export type {
  EffectState,
  MediaEffect,
  ProcessContext,
  ProcessingStage,
  ProcessingStages,
  ProcessTrack,
} from './ports/media-effects.js';
export type { MediaSettings, PictureSizes } from './ports/media-settings.js';
export type { ScreenOptions, ScreenSurface, SharedScreen } from './ports/screen.js';
export type { DeviceChoices, DeviceChoiceStorage } from './ports/device-choices.js';
export type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from './ports/signal-transport.js';
export type { CallMediaOptions };

/** Options of `createInvitationService`. */
export interface ServiceOptions extends BaseOptions {
  /** Shows notifications. Default: none. */
  notifier?: Notifier;
  /** Stores missed calls. Default: in memory, as long as the service exists. */
  storage?: MissedCallStorage;
  /** Stores the call history. Default: in memory, as long as the service exists. */
  historyStorage?: CallHistoryStorage;
}

/**
 * Creates the service that sends and receives call invitations for one user, in a page or in Node, and starts to
 * connect it.
 * @throws {CallError} `invalid-argument` for a bad userID
 *
 * @example
 * ```ts
 * import { createCallInvitationService } from 'ringkit/core';
 * import { createServerTransport } from 'ringkit/transports/server';
 *
 * const service = createCallInvitationService({
 *   user: { userID: 'robot', userName: 'Robot' },
 *   transport: createServerTransport('wss://calls.example.org'),
 *   token: process.env.CALL_TOKEN ?? '',
 *   invitationEvents: { onIncomingCallReceived: () => void service.accept() },
 * });
 * ```
 */
export function createCallInvitationService({
  notifier = silentNotifier,
  storage = createMemoryStorage(),
  historyStorage = createMemoryHistoryStorage(),
  ...options
}: ServiceOptions): CallInvitationService {
  const { clock = systemClock } = options;
  return createService({
    callHistory: (host) => createCallHistory(host, { storage: historyStorage, clock }),
    missedCalls: (host) =>
      createMissedCalls(host, {
        ...{ notifier, storage, subscriptions: undefined, clock },
        fault: (code, message) => new CallError(code, message),
      }),
    ...options,
  });
}

const callMedia = lazyPart(
  'the media of calls',
  () => import('./media/call-media.js'),
  'createCallMedia',
);

/**
 * Loads the code for camera, microphone and WebRTC links in a browser. Devices that the user selects are remembered in
 * this browser, unless the option `deviceChoices` says otherwise. Pass it as the service's option `media`, so that
 * it is loaded only when a call is placed or rings: `media: () => loadCallMedia({ iceServers: () => [] })`.
 * A request that fails is repeated, at most three times.
 * @throws {CallError} `unavailable`; its message names the file if the browser reports it
 *
 * @example
 * ```ts
 * import { createCallInvitationService, loadCallMedia } from 'ringkit/core';
 * import { createServerTransport } from 'ringkit/transports/server';
 *
 * const transport = createServerTransport('wss://calls.example.org');
 * const service = createCallInvitationService({
 *   user: 'alice',
 *   transport,
 *   media: () => loadCallMedia({ iceServers: () => transport.iceServers?.() ?? [] }),
 * });
 * await service.send({ invitees: ['bob'], callType: 'voice' });
 * ```
 */
export async function loadCallMedia(options: CallMediaOptions): Promise<CallMedia> {
  const createCallMedia = await callMedia.load();
  return createCallMedia({ deviceChoices: createDeviceChoiceStorage(), ...options });
}
