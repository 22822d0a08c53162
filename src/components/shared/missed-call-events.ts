import { CallIDRequestEvent, CallRequestEvent } from './request-events.js';

/**
 * Requests to call back the caller of a missed call.
 *
 * @example
 * ```ts
 * import type { CallDialBackEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-dial-back', (event: CallDialBackEvent) => {
 *   event.preventDefault(); // The page asks first.
 *   console.log(`Call back for ${event.callID}?`);
 * });
 * ```
 */
export class CallDialBackEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-dial-back', callID);
  }
}

/**
 * Requests to dismiss a missed call.
 *
 * @example
 * ```ts
 * import type { CallDismissEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-dismiss', (event: CallDismissEvent) => {
 *   console.log(`The missed call ${event.callID} is being dismissed.`);
 * });
 * ```
 */
export class CallDismissEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-dismiss', callID);
  }
}

/**
 * Requests to dismiss all missed calls: one event for all of them, so that they are kept or dismissed together.
 *
 * @example
 * ```ts
 * import type { CallDismissAllEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-dismiss-all', (event: CallDismissAllEvent) => {
 *   if (!confirm(`Dismiss ${event.callIDs.length} missed calls?`)) event.preventDefault();
 * });
 * ```
 */
export class CallDismissAllEvent extends CallRequestEvent {
  readonly callIDs: readonly string[];

  constructor(callIDs: readonly string[]) {
    super('call-dismiss-all');
    this.callIDs = callIDs;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-dial-back': CallDialBackEvent;
    'call-dismiss': CallDismissEvent;
    'call-dismiss-all': CallDismissAllEvent;
  }
}
