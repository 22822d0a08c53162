/**
 * Call invitations without elements: they work wherever JavaScript runs, also where there is no page. Media come
 * when they are asked for.
 */
import type { CallMediaOptions } from './media/call-media.js';
import type { CallMedia } from './ports/media.js';

export { CallError } from './service/call-error.js';
export { createCallInvitationService } from './service/invitation-service.js';
export type {
  CallConfig,
  CallbackMap,
  CallbackName,
  CallInvitationService,
  CallSnapshot,
  Connection,
  InvitationEvents,
  LocalMediaSnapshot,
  Member,
  RemoteMediaSnapshot,
  SendOptions,
  ServiceOptions,
} from './service/types.js';
export type { MemberUpdate, MissedCall, SendResult } from './machine/types.js';
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
export type { Line } from './ports/line.js';
export type { Logger } from './ports/logger.js';
export type {
  CallMedia,
  DeviceList,
  DeviceState,
  LinkRef,
  LocalMedia,
  MediaEvent,
  MediaFault,
  RemoteMedia,
} from './ports/media.js';
export type { MissedCallEntry } from './ports/missed-calls.js';
export type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from './ports/signal-transport.js';
export type { CallMediaOptions };

/**
 * Loads the media of a browser: camera, microphone and WebRTC links. Made for the service's option `media`, so that
 * nothing is loaded before a call is placed or rings: `media: () => loadCallMedia({ iceServers: () => [] })`.
 */
export async function loadCallMedia(options: CallMediaOptions): Promise<CallMedia> {
  const { createCallMedia } = await import('./media/call-media.js');
  return createCallMedia(options);
}
