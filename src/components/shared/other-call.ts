import type { LitElement, ReactiveController } from 'lit';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { CallInvitationService } from '../../core/service/types.js';
import { StoreController } from './store-controller.js';

/** Marks the stage while a card shows another call, so that the styles leave space for it. */
export class OtherCall implements ReactiveController {
  readonly #host: LitElement;
  readonly #waiting: StoreController<CallSnapshot | undefined>;
  readonly #held: StoreController<readonly CallSnapshot[]>;

  constructor(host: LitElement) {
    this.#host = host;
    this.#waiting = new StoreController(host);
    this.#held = new StoreController(host);
    host.addController(this);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#waiting.attach(service?.$waitingCall);
    this.#held.attach(service?.$heldCalls);
  }

  hostUpdated(): void {
    const isShown = !!this.#waiting.value || !!this.#held.value?.length;
    this.#host.renderRoot.querySelector('.stage')?.toggleAttribute('data-other-call', isShown);
  }
}
