import { CallIDRequestEvent, CallRequestEvent } from './request-events.js';

/**
 * Requests to call the people of a former call again.
 *
 * @example
 * ```ts
 * import type { CallAgainEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-again', (event: CallAgainEvent) => {
 *   event.preventDefault(); // The page asks first.
 *   console.log(`Call again as in ${event.callID}?`);
 * });
 * ```
 */
export class CallAgainEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-again', callID);
  }
}

/**
 * Requests to delete calls from the history: one event for all of them.
 *
 * @example
 * ```ts
 * import type { CallHistoryDeleteEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-history-delete', (event: CallHistoryDeleteEvent) => {
 *   console.log(`${event.callIDs.length} calls are being deleted.`);
 * });
 * ```
 */
export class CallHistoryDeleteEvent extends CallRequestEvent {
  readonly callIDs: readonly string[];

  constructor(callIDs: readonly string[]) {
    super('call-history-delete');
    this.callIDs = callIDs;
  }
}

/**
 * Requests to export the calls that are shown, as a file.
 *
 * @example
 * ```ts
 * import type { CallHistoryExportEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-history-export', (event: CallHistoryExportEvent) => {
 *   event.preventDefault(); // The page sends them to its own server.
 *   console.log(event.format, event.callIDs);
 * });
 * ```
 */
export class CallHistoryExportEvent extends CallRequestEvent {
  readonly format: 'csv' | 'json';
  readonly callIDs: readonly string[];

  constructor(format: 'csv' | 'json', callIDs: readonly string[]) {
    super('call-history-export');
    this.format = format;
    this.callIDs = callIDs;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-again': CallAgainEvent;
    'call-history-delete': CallHistoryDeleteEvent;
    'call-history-export': CallHistoryExportEvent;
  }
}
