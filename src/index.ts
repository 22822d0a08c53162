/**
 * The classes of all elements. Importing this module registers no element: import `ringkit/define`, or call
 * `customElements.define` with your own tag names.
 */
export { CallHistory } from './components/call-history/call-history.js';
export { CallInvitationProvider } from './components/call-invitation-provider/call-invitation-provider.js';
export { CallSettings } from './components/call-settings/call-settings.js';
export { IncomingCallDialog } from './components/incoming-call-dialog/incoming-call-dialog.js';
export { InviteToCallButton } from './components/invite-to-call-button/invite-to-call-button.js';
export { MissedCallList } from './components/missed-call-list/missed-call-list.js';
export { OngoingCallView } from './components/ongoing-call-view/ongoing-call-view.js';
export { OutgoingCallDialog } from './components/outgoing-call-dialog/outgoing-call-dialog.js';
export { StartCallButton } from './components/start-call-button/start-call-button.js';
export { CallStartEvent } from './components/shared/call-start-event.js';
export {
  CallCancelEvent,
  CallHangUpEvent,
  CallInviteEvent,
} from './components/shared/in-call-events.js';
export {
  CallAgainEvent,
  CallHistoryDeleteEvent,
  CallHistoryExportEvent,
} from './components/shared/history-events.js';
export {
  CallDialBackEvent,
  CallDismissAllEvent,
  CallDismissEvent,
} from './components/shared/missed-call-events.js';
export { CallAcceptEvent, CallDeclineEvent } from './components/shared/request-events.js';
export type { CallFactEvent } from './components/shared/callback-events.js';
export type { CallIcon, CallIcons, IconName } from './components/shared/call-icons.js';
export type { Texts } from './components/shared/language.js';
export { CallError } from './core/service/call-error.js';
export type {
  CallConfig,
  PageConfig,
  MediaConfig,
  ScreenConfig,
  Ringtone,
} from './core/service/call-config.js';
export type {
  CallInvitationService,
  AcceptOptions,
  CancelOptions,
  InviteOptions,
  TransferOptions,
  SendOptions,
} from './core/service/types.js';
export type {
  CallSnapshot,
  Connection,
  LocalMediaSnapshot,
  Member,
  MemberConnection,
  RemoteMediaSnapshot,
} from './core/service/snapshots.js';
export type { InvitationEvents } from './core/service/callback-types.js';
export type { MemberUpdate } from './core/machine/machine-callbacks.js';
export type { TransferSnapshot } from './core/machine/snapshot-types.js';
export type { SendResult } from './core/machine/types.js';
export type {
  CallErrorCode,
  CallStatus,
  CallType,
  CallUser,
  EndReason,
  MemberState,
} from './core/protocol/vocabulary.js';
export type {
  ConnectionLevel,
  DeviceList,
  DeviceProblem,
  DeviceState,
  MediaFault,
  Verification,
  VerificationEmoji,
  VerificationFailure,
  MediaPreview,
} from './core/ports/media.js';
export type {
  EffectState,
  MediaEffect,
  ProcessContext,
  ProcessTrack,
} from './core/ports/media-effects.js';
export type { PictureSizes } from './core/ports/media-settings.js';
export type { CallHistoryEntry, CallHistoryState } from './core/ports/call-history.js';
export type { HistoryOutcome } from './core/protocol/history.js';
export type { MissedCallEntry } from './core/ports/missed-calls.js';
export type { SignalTransport } from './core/ports/signal-transport.js';
