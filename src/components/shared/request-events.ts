/**
 * A request of the user, fired from the pressed element before the action. It bubbles, and is composed and
 * cancelable. If it is prevented, nothing happens, and the page may act through the service.
 */
export class CallRequestEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true, cancelable: true });
  }
}

/** A request that concerns the call of this device. */
export class CallIDRequestEvent extends CallRequestEvent {
  readonly callID: string;

  constructor(type: string, callID: string) {
    super(type);
    this.callID = callID;
  }
}

/**
 * Requests to accept the incoming call.
 *
 * @example
 * ```ts
 * import type { CallAcceptEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-accept', (event: CallAcceptEvent) => {
 *   event.preventDefault(); // Accepted later, with data of the page.
 *   const { service } = document.querySelector('call-invitation-provider')!;
 *   void service.accept({ customData: 'from the desk' });
 * });
 * ```
 */
export class CallAcceptEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-accept', callID);
  }
}

/**
 * Requests to decline the incoming call.
 *
 * @example
 * ```ts
 * import type { CallDeclineEvent } from 'ringkit';
 *
 * document.body.addEventListener('call-decline', (event: CallDeclineEvent) => {
 *   event.preventDefault();
 *   const { service } = document.querySelector('call-invitation-provider')!;
 *   void service.decline({ customData: 'in a meeting' });
 * });
 * ```
 */
export class CallDeclineEvent extends CallIDRequestEvent {
  constructor(callID: string) {
    super('call-decline', callID);
  }
}

declare global {
  interface HTMLElementEventMap {
    'call-accept': CallAcceptEvent;
    'call-decline': CallDeclineEvent;
  }
}
