import type { CallbackName } from '../src/core/index.js';

/** The argument names of every callback, in order, as the log shows them. */
export const callbackArguments = {
  onIncomingCallReceived: ['callID', 'caller', 'callType', 'callees', 'customData'],
  onIncomingCallCanceled: ['callID', 'caller', 'customData'],
  onIncomingCallTimeout: ['callID', 'caller'],
  onIncomingCallDeclineButtonPressed: [],
  onIncomingCallAcceptButtonPressed: [],
  onOutgoingCallCancelButtonPressed: [],
  onOutgoingCallSent: ['callID', 'caller', 'callType', 'callees', 'customData'],
  onOutgoingCallAccepted: ['callID', 'callee'],
  onOutgoingCallDeclined: ['callID', 'callee', 'customData'],
  onOutgoingCallRejectedCauseBusy: ['callID', 'callee', 'customData'],
  onOutgoingCallTimeout: ['callID', 'callees', 'isVideoCall'],
  onInvitationUserStateChanged: ['users'],
  onHeldCallEnded: ['callID', 'reason'],
  onCallTransferStarted: ['callID', 'by', 'to', 'reason'],
  onCallTransferred: ['callID', 'to'],
  onCallTransferFailed: ['callID', 'to'],
  onCallReplaced: ['callID', 'formerCallID', 'by'],
  onIncomingMissedCallClicked: [
    'callID',
    'caller',
    'callType',
    'callees',
    'customData',
    'defaultAction',
  ],
  onIncomingMissedCallDialBackFailed: [],
  onMemberConnectionChanged: ['callID', 'members'],
  onCallStateChanged: ['call'],
  onError: ['error'],
} as const satisfies Record<CallbackName, readonly string[]>;

export const callbackNames = Object.keys(callbackArguments) as CallbackName[];

export function isCallbackName(value: unknown): value is CallbackName {
  return typeof value === 'string' && Object.hasOwn(callbackArguments, value);
}
