import { CallElement } from './call-element.js';
import type { LocalMediaSnapshot } from '../../core/service/types.js';
import type { CallHost } from './context.js';
import { isOn } from './controls.js';
import { CallHangUpEvent } from './in-call-events.js';
import { StoreController } from './store-controller.js';

/**
 * What the elements on the dark stage share: one's own microphone and camera, hang-up, and where the focus goes.
 *
 * @cssstate video - It is a video call.
 * @cssprop --call-stage - Ground of the stage on which a call is shown.
 * @cssprop --call-on-stage - Text on it.
 * @cssprop --call-on-stage-quiet - Text on it that stands back.
 * @cssprop --call-tile - Ground of a tile without a picture.
 * @cssprop --call-radius-tile - Corners of tiles.
 */
export abstract class StageElement extends CallElement {
  readonly #local = new StoreController<LocalMediaSnapshot>(this);

  protected get local(): LocalMediaSnapshot | undefined {
    return this.#local.value;
  }

  /** Puts the focus on the call as a whole, never on a button: a key that is still down presses nothing. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.stage')?.focus(options);
  }

  protected override providerChanged(host: CallHost | undefined): void {
    this.#local.attach(host?.service.$localMedia);
  }

  protected readonly hangUp = (): void => {
    if (!this.call || !this.request(new CallHangUpEvent(this.call.callID))) return;
    this.run(this.service?.hangUp());
  };

  protected readonly toggleMicrophone = (): void =>
    this.run(this.service?.setMicrophone(!isOn(this.local?.microphone)));

  protected readonly toggleCamera = (): void =>
    this.run(this.service?.setCamera(!isOn(this.local?.camera)));
}
