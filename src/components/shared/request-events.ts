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

interface AcceptDetails {
  readonly microphone?: boolean | undefined;
  readonly camera?: boolean | undefined;
  readonly runningCall?: 'hold' | 'end' | undefined;
}

/**
 * Requests to accept the incoming call, or the waiting one.
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
  /** Whether the microphone is to be on at the start; undefined: as the page has configured it. */
  readonly microphone: boolean | undefined;
  /** Whether the camera is to be on at the start; undefined: as the page has configured it. */
  readonly camera: boolean | undefined;
  /** For a waiting call: what happens to the running one; undefined otherwise. */
  readonly runningCall: 'hold' | 'end' | undefined;

  constructor(callID: string, { microphone, camera, runningCall }: AcceptDetails = {}) {
    super('call-accept', callID);
    this.microphone = microphone;
    this.camera = camera;
    this.runningCall = runningCall;
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
  /** The message that the user has chosen, if any. */
  readonly message: string | undefined;

  constructor(callID: string, { message }: { message?: string | undefined } = {}) {
    super('call-decline', callID);
    this.message = message;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-accept': CallAcceptEvent;
    'call-decline': CallDeclineEvent;
  }
}
