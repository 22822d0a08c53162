import type { CallUser } from '../../core/protocol/vocabulary.js';
import { CallIDRequestEvent, CallRequestEvent } from './request-events.js';

/**
 * Requests to cancel the outgoing call.
 *
 * @example
 * ```ts
 * import type { CallCancelEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-cancel', (event: CallCancelEvent) => {
 *   console.log(`The call ${event.callID} is being cancelled.`);
 * });
 * ```
 */
export class CallCancelEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-cancel', callID);
  }
}

/**
 * Requests to leave the running call.
 *
 * @example
 * ```ts
 * import type { CallHangUpEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-hang-up', (event: CallHangUpEvent) => {
 *   if (!confirm('Leave the call?')) event.preventDefault();
 * });
 * ```
 */
export class CallHangUpEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-hang-up', callID);
  }
}

/**
 * Requests to invite more users into the running call.
 *
 * @example
 * ```ts
 * import type { CallInviteEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-invite', (event: CallInviteEvent) => {
 *   if (event.callees.length > 2) event.preventDefault();
 * });
 * ```
 */
export class CallInviteEvent extends CallRequestEvent {
  readonly callees: readonly (string | CallUser)[];

  constructor(callees: readonly (string | CallUser)[]) {
    super('call-invite');
    this.callees = callees;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-cancel': CallCancelEvent;
    'call-hang-up': CallHangUpEvent;
    'call-invite': CallInviteEvent;
  }
}
