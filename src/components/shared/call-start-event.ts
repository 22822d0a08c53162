import type { CallType, CallUser } from '../../core/protocol/vocabulary.js';
import { CallRequestEvent } from './request-events.js';

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

declare global {
  interface HTMLElementEventMap {
    'call-start': CallStartEvent;
  }
}
