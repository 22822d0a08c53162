import type { CallUser } from '../../core/protocol/vocabulary.js';
import { CallIDRequestEvent, CallRequestEvent } from './request-events.js';

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

/** More people are to be invited into the running call. */
export class CallInviteEvent extends CallRequestEvent {
  readonly callees: readonly (string | CallUser)[];

  constructor(callees: readonly (string | CallUser)[]) {
    super('call-invite');
    this.callees = callees;
  }
}

declare global {
  interface HTMLElementEventMap {
    'call-cancel': CallCancelEvent;
    'call-hang-up': CallHangUpEvent;
    'call-invite': CallInviteEvent;
  }
}
