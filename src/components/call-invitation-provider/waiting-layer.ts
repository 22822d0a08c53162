import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { StoreController } from '../shared/store-controller.js';

/** Shows a `<waiting-call-card>` above the running call while another call waits or is on hold. */
export class WaitingLayer {
  readonly #waiting: StoreController<CallSnapshot | undefined>;
  readonly #held: StoreController<readonly CallSnapshot[]>;

  constructor(host: LitElement) {
    this.#waiting = new StoreController(host);
    this.#held = new StoreController(host);
  }

  attach(service: CallInvitationService): void {
    this.#waiting.attach(service.$waitingCall);
    this.#held.attach(service.$heldCalls);
  }

  get isOpen(): boolean {
    return this.#waiting.value !== undefined || !!this.#held.value?.length;
  }

  /** Ends full screen if a call waits: the call in full screen would cover its card. */
  uncover(layer: Element): void {
    if (!this.#waiting.value || !layer.querySelector(':fullscreen')) return;
    document.exitFullscreen().catch(() => {
      // It has ended meanwhile.
    });
  }

  render(): TemplateResult | typeof nothing {
    return this.isOpen
      ? html`<waiting-call-card
          in-layer
          exportparts="decline-button, end-and-accept-button, hold-and-accept-button, resume-button, merge-button, transfer-button"
        ></waiting-call-card>`
      : nothing;
  }
}
