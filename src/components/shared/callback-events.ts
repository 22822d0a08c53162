import { messageOf } from '../../core/service/call-error.js';
import type { CallType, CallUser, EndReason } from '../../core/protocol/vocabulary.js';
import type { CallbackMap, CallbackName } from '../../core/service/callback-types.js';
import type { CallSnapshot, MemberConnection } from '../../core/service/snapshots.js';

interface Callee {
  readonly callID: string;
  readonly callee: CallUser;
}
type UserUpdates = CallbackMap['onInvitationUserStateChanged'][0];

/** The fields of each event: the arguments of its callback, by name. */
export interface CallbackEventFields {
  'incoming-call-received': {
    readonly callID: string;
    readonly caller: CallUser;
    readonly callType: CallType;
    readonly callees: readonly CallUser[];
    readonly customData: string;
  };
  'incoming-call-canceled': {
    readonly callID: string;
    readonly caller: CallUser;
    readonly customData: string;
  };
  'incoming-call-timeout': { readonly callID: string; readonly caller: CallUser };
  'incoming-call-decline-button-pressed': object;
  'incoming-call-accept-button-pressed': object;
  'outgoing-call-cancel-button-pressed': object;
  'outgoing-call-sent': {
    readonly callID: string;
    readonly caller: CallUser;
    readonly callType: CallType;
    readonly callees: readonly CallUser[];
    readonly customData: string;
  };
  'outgoing-call-accepted': Callee;
  'outgoing-call-declined': Callee & { readonly customData: string };
  'outgoing-call-rejected-cause-busy': Callee & { readonly customData: string };
  'outgoing-call-timeout': {
    readonly callID: string;
    readonly callees: readonly CallUser[];
    readonly isVideoCall: boolean;
  };
  'invitation-user-state-changed': { readonly users: UserUpdates };
  'held-call-ended': { readonly callID: string; readonly reason: EndReason };
  'call-transfer-started': {
    readonly callID: string;
    readonly by: CallUser;
    readonly to: CallUser;
    readonly reason: string;
  };
  'call-transferred': { readonly callID: string; readonly to: CallUser };
  'call-transfer-failed': { readonly callID: string; readonly to: CallUser };
  'call-replaced': {
    readonly callID: string;
    readonly formerCallID: string;
    readonly by: CallUser;
  };
  'incoming-missed-call-clicked': {
    readonly callID: string;
    readonly caller: CallUser;
    readonly callType: CallType;
    readonly callees: readonly CallUser[];
    readonly customData: string;
    /** Calls back, at most once. The promise resolves when the call was placed or has failed; it never rejects. */
    readonly defaultAction: () => Promise<void>;
  };
  'incoming-missed-call-dial-back-failed': object;
  'member-connection-changed': {
    readonly callID: string;
    readonly members: readonly MemberConnection[];
  };
  'call-state-changed': { readonly call: CallSnapshot };
}

/**
 * An event of a call, fired on the provider immediately after the callback of the page. It bubbles and is composed.
 */
export type CallFactEvent<T extends keyof CallbackEventFields = keyof CallbackEventFields> = Event &
  CallbackEventFields[T] & { readonly type: T };

type CallbackEventMap = { [T in keyof CallbackEventFields]: CallFactEvent<T> };

declare global {
  interface GlobalEventHandlersEventMap extends CallbackEventMap {}
}

/** Names of the arguments, in order, of each callback that is also an event. */
export const callbackEventFields = {
  onIncomingCallReceived: 'callID caller callType callees customData',
  onIncomingCallCanceled: 'callID caller customData',
  onIncomingCallTimeout: 'callID caller',
  onIncomingCallDeclineButtonPressed: '',
  onIncomingCallAcceptButtonPressed: '',
  onOutgoingCallCancelButtonPressed: '',
  onOutgoingCallSent: 'callID caller callType callees customData',
  onOutgoingCallAccepted: 'callID callee',
  onOutgoingCallDeclined: 'callID callee customData',
  onOutgoingCallRejectedCauseBusy: 'callID callee customData',
  onOutgoingCallTimeout: 'callID callees isVideoCall',
  onInvitationUserStateChanged: 'users',
  onHeldCallEnded: 'callID reason',
  onCallTransferStarted: 'callID by to reason',
  onCallTransferred: 'callID to',
  onCallTransferFailed: 'callID to',
  onCallReplaced: 'callID formerCallID by',
  onIncomingMissedCallClicked: 'callID caller callType callees customData defaultAction',
  onIncomingMissedCallDialBackFailed: '',
  onMemberConnectionChanged: 'callID members',
  onCallStateChanged: 'call',
} as const satisfies Record<Exclude<CallbackName, 'onError'>, string>;

/**
 * The event of a callback: its name without `on`, in kebab-case, with the arguments as fields. Only
 * `incoming-missed-call-clicked` is cancelable.
 */
export class CallbackEvent extends Event {
  constructor(callback: keyof typeof callbackEventFields, values: readonly unknown[]) {
    const kebab = callback.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    super(kebab.slice('on-'.length), {
      bubbles: true,
      composed: true,
      cancelable: callback === 'onIncomingMissedCallClicked',
    });
    callbackEventFields[callback]
      .match(/\w+/g)
      ?.forEach((name, index) => Object.assign(this, { [name]: values[index] }));
  }
}

/**
 * Dispatches an error event on an element. It does not bubble and is not composed, so that it does not reach
 * `window.onerror`.
 * @returns whether a listener has read the error
 */
export function dispatchError(element: Element, error: unknown): boolean {
  let wasRead = false;
  const message = messageOf(error);
  const event = new ErrorEvent('error', { error, message });
  const noted = (value: unknown): PropertyDescriptor => ({
    get: () => {
      wasRead = true;
      return value;
    },
  });
  Object.defineProperties(event, { error: noted(error), message: noted(message) });
  element.dispatchEvent(event);
  return wasRead;
}
