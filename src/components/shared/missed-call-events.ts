import { CallIDRequestEvent, CallRequestEvent } from './request-events.js';

/** Who was missed is to be called back. */
export class CallDialBackEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-dial-back', callID);
  }
}

/** A missed call is to be put away. */
export class CallDismissEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-dismiss', callID);
  }
}

/** All missed calls are to be put away: one request for all of them, so that they stay or go together. */
export class CallDismissAllEvent extends CallRequestEvent {
  readonly callIDs: readonly string[];

  constructor(callIDs: readonly string[]) {
    super('call-dismiss-all');
    this.callIDs = callIDs;
  }
}

declare global {
  interface HTMLElementEventMap {
    'call-dial-back': CallDialBackEvent;
    'call-dismiss': CallDismissEvent;
    'call-dismiss-all': CallDismissAllEvent;
  }
}
