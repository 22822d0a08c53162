import type { Stores } from './stores.js';
import type { CallInvitationService } from './types.js';

/** The stores of the service that pages may read. */
export class PublicStores {
  readonly $connection: CallInvitationService['$connection'];
  readonly $call: CallInvitationService['$call'];
  readonly $waitingCall: CallInvitationService['$waitingCall'];
  readonly $heldCalls: CallInvitationService['$heldCalls'];
  readonly $localMedia: CallInvitationService['$localMedia'];
  readonly $remoteMedia: CallInvitationService['$remoteMedia'];
  readonly $devices: CallInvitationService['$devices'];
  readonly $effects: CallInvitationService['$effects'];
  readonly $verification: CallInvitationService['$verification'];
  readonly $incomingVideo: CallInvitationService['$incomingVideo'];
  readonly $missedCalls: CallInvitationService['$missedCalls'];
  readonly $callHistory: CallInvitationService['$callHistory'];
  readonly $callHistoryState: CallInvitationService['$callHistoryState'];
  readonly $endedCall: CallInvitationService['$endedCall'];
  readonly $lostCall: CallInvitationService['$lostCall'];
  readonly $doNotDisturb: CallInvitationService['$doNotDisturb'];
  readonly $blocked: CallInvitationService['$blocked'];
  readonly $settingsOpen: CallInvitationService['$settingsOpen'];

  constructor(stores: Stores) {
    this.$connection = stores.$connection;
    this.$call = stores.$call;
    this.$waitingCall = stores.$waitingCall;
    this.$heldCalls = stores.$heldCalls;
    this.$localMedia = stores.$localMedia;
    this.$remoteMedia = stores.$remoteMedia;
    this.$devices = stores.$devices;
    this.$effects = stores.$effects;
    this.$verification = stores.$verification;
    this.$incomingVideo = stores.$incomingVideo;
    this.$missedCalls = stores.$missedCalls;
    this.$callHistory = stores.$callHistory;
    this.$callHistoryState = stores.$callHistoryState;
    this.$endedCall = stores.$endedCall;
    this.$lostCall = stores.$lostCall;
    this.$doNotDisturb = stores.$doNotDisturb;
    this.$blocked = stores.$blocked;
    this.$settingsOpen = stores.$settingsOpen;
  }
}
