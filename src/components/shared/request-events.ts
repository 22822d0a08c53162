import type { CallType, CallUser } from '../../core/protocol/vocabulary.js';

/**
 * What a person asks for by pressing something, before it happens. Fired from the element pressed; bubbling, composed
 * and cancelable: prevented, nothing happens, and the page goes on through the service.
 */
export class CallRequestEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true, cancelable: true });
  }
}

/** A request about the call of this device. */
export class CallIDRequestEvent extends CallRequestEvent {
  readonly callID: string;

  constructor(type: string, callID: string) {
    super(type);
    this.callID = callID;
  }
}

/** A call is to be placed. */
export class CallStartEvent extends CallRequestEvent {
  readonly callees: readonly (string | CallUser)[];
  readonly callType: CallType;
  readonly customData: string;

  constructor(callees: readonly (string | CallUser)[], callType: CallType, customData: string) {
    super('call-start');
    this.callees = callees;
    this.callType = callType;
    this.customData = customData;
  }
}

/** The incoming call is to be accepted. */
export class CallAcceptEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-accept', callID);
  }
}

/** The incoming call is to be declined. */
export class CallDeclineEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-decline', callID);
  }
}

/** The call that rings out is to be cancelled. */
export class CallCancelEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-cancel', callID);
  }
}

/** The running call is to be left. */
export class CallHangUpEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-hang-up', callID);
  }
}

declare global {
  interface HTMLElementEventMap {
    'call-start': CallStartEvent;
    'call-accept': CallAcceptEvent;
    'call-decline': CallDeclineEvent;
    'call-cancel': CallCancelEvent;
    'call-hang-up': CallHangUpEvent;
  }
}
