import type { CallType, CallUser } from '../../core/protocol/vocabulary.js';
import { CallRequestEvent } from './request-events.js';

/**
 * Requests to place a call.
 *
 * @example
 * ```ts
 * import type { CallStartEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-start', (event: CallStartEvent) => {
 *   if (event.callees.length > 3 && !confirm('Call all of them?')) event.preventDefault();
 * });
 * ```
 */
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
  interface GlobalEventHandlersEventMap {
    'call-start': CallStartEvent;
  }
}
