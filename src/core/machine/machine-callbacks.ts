import type { CallType, CallUser, EndReason, MemberState } from '../protocol/vocabulary.js';

export interface MemberUpdate {
  readonly userID: string;
  readonly state: MemberState;
  readonly customData: string;
}

/** Arguments of the machine's callbacks. (`onCallStateChanged` and `onError` are called by the service.) */
export interface MachineCallbacks {
  onIncomingCallReceived: [
    callID: string,
    caller: CallUser,
    callType: CallType,
    callees: CallUser[],
    customData: string,
  ];
  onIncomingCallCanceled: [callID: string, caller: CallUser, customData: string];
  onIncomingCallTimeout: [callID: string, caller: CallUser];
  onIncomingCallDeclineButtonPressed: [];
  onIncomingCallAcceptButtonPressed: [];
  onOutgoingCallCancelButtonPressed: [];
  onOutgoingCallSent: [
    callID: string,
    caller: CallUser,
    callType: CallType,
    callees: CallUser[],
    customData: string,
  ];
  onOutgoingCallAccepted: [callID: string, callee: CallUser];
  onOutgoingCallDeclined: [callID: string, callee: CallUser, customData: string];
  onOutgoingCallRejectedCauseBusy: [callID: string, callee: CallUser, customData: string];
  onOutgoingCallTimeout: [callID: string, callees: CallUser[], isVideoCall: boolean];
  onInvitationUserStateChanged: [users: MemberUpdate[]];
  onHeldCallEnded: [callID: string, reason: EndReason];
  onCallTransferStarted: [callID: string, by: CallUser, to: CallUser, reason: string];
  onCallTransferred: [callID: string, to: CallUser];
  onCallTransferFailed: [callID: string, to: CallUser];
  onCallReplaced: [callID: string, formerCallID: string, by: CallUser];
}
