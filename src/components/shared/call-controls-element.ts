import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { Announcer } from './announcer.js';
import { CallElement } from './call-element.js';
import type { CallSnapshot, LocalMediaSnapshot } from '../../core/service/snapshots.js';
import type { CallHost } from './context.js';
import {
  cameraControl,
  canShareScreen,
  control,
  isOn,
  microphoneControl,
  unavailableControl,
} from './controls.js';
import { EndedCallKeeper } from './ended-call-keeper.js';
import { EndedCallOffer } from './ended-call-offer.js';
import { forwardSlots } from './forward-slots.js';
import { CallAgainEvent } from './history-events.js';
import { CallHangUpEvent } from './in-call-events.js';
import { KeepFocus } from './keep-focus.js';
import { Ellipsis } from './lucide/ellipsis.js';
import { MicOff } from './lucide/mic-off.js';
import { MonitorUp } from './lucide/monitor-up.js';
import { VideoOff } from './lucide/video-off.js';
import { Phone } from './lucide/phone.js';
import { Shortcuts, shortcutKeys, type ShortcutKeys } from './shortcuts.js';
import { OtherCall } from './other-call.js';
import { StoreController } from './store-controller.js';
import { ViewPlace } from './view-place.js';

/** The controls in the places of the row before hang-up. */
interface Dock {
  readonly microphone: TemplateResult;
  readonly camera: TemplateResult;
  readonly screen: TemplateResult | typeof nothing;
  readonly more: TemplateResult;
}

/**
 * Base class of the elements with call controls: microphone, camera, hang-up, and focus.
 *
 * @cssstate video - The call is a video call.
 * @cssprop --call-stage - Background of the outgoing call dialog and of the view of the running call.
 * @cssprop --call-on-stage - Text on `--call-stage`.
 * @cssprop --call-on-stage-quiet - Secondary text on `--call-stage`.
 * @cssprop --call-tile - Background of a tile without video.
 * @cssprop --call-radius-tile - Corner radius of tiles.
 * @cssprop --call-control - Background of the round controls of a call.
 * @cssprop --call-control-hover - The same while the mouse is over them.
 * @cssprop --call-control-off - Background of a control whose device is off.
 * @cssprop --call-control-active - Background of a control whose function is on: a shared screen, a call on hold.
 * @cssprop --call-on-control - Icons on `--call-control`.
 * @cssprop --call-on-control-off - Icons on `--call-control-off` and `--call-control-active`.
 * @cssprop --call-scrim - Background of names and times on a picture.
 * @cssprop --call-speaking - Marks a member who speaks.
 * @cssprop --call-avatar-size - Diameter of the large avatar.
 */
export abstract class CallControlsElement extends CallElement {
  readonly #otherCall = new OtherCall(this);
  readonly #local = new StoreController<LocalMediaSnapshot>(this);
  readonly #ended = new EndedCallOffer(this);
  readonly #keeper = new EndedCallKeeper(this);

  readonly #shortcuts = new Shortcuts(this, (action) => {
    if (action === 'accept') return false;
    if (action === 'hang-up') this.hangUp();
    else if (this.call?.onHold) return false;
    else if (action === 'microphone') this.toggleMicrophone();
    else if (this.hasCameraControl) this.toggleCamera();
    else return false;
    return true;
  });

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#keeper.watch(this.call);
  }

  /** The call of this device or, while there is none, the one that has ended last. */
  protected override get call(): CallSnapshot | undefined {
    return this.#ended.shownFor(super.call);
  }

  /** Whether the call has a camera button. */
  protected get hasCameraControl(): boolean {
    return true;
  }

  /** Where the user has moved the view. */
  protected readonly viewPlace = new ViewPlace(this);

  /** Announces the state of the call, and notes. */
  protected readonly announcer = new Announcer(this);

  constructor() {
    super();
    this.addController(new KeepFocus(this, () => this.isOpen));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasAttribute('in-layer')) forwardSlots(this, ['message']);
  }

  /** The letters of the keyboard shortcuts for the controls. */
  protected get shortcutKeys(): ShortcutKeys {
    return shortcutKeys(this.host?.config()?.shortcuts);
  }

  /** Must be called in each update. */
  protected listenToShortcuts(hasControls: boolean): void {
    this.#shortcuts.set(hasControls ? this.shortcutKeys : undefined);
  }

  protected get local(): LocalMediaSnapshot | undefined {
    return this.#local.value;
  }

  /** Whether the page permits no pictures: then there are no controls for them. */
  protected get isAudioOnly(): boolean {
    return this.host?.config()?.media?.audioOnly === true;
  }

  /**
   * The row of controls. Its places are the same from the first ring to the end of the call: microphone, camera, screen,
   * more, and hang-up. On pages without pictures, and in browsers that cannot share a screen, there are fewer.
   */
  protected dock(places: Partial<Dock>, hangUp = this.hangUpControl()): TemplateResult {
    const { texts } = this;
    const { microphone, camera, screen, more } = places;
    return html`<div class="controls">
      ${microphone ?? unavailableControl(texts.microphone, MicOff)}
      ${this.isAudioOnly ? nothing : (camera ?? unavailableControl(texts.camera, VideoOff))}
      ${
        this.isAudioOnly || !canShareScreen()
          ? nothing
          : (screen ?? unavailableControl(texts.shareScreen, MonitorUp))
      }
      ${more ?? unavailableControl(texts.moreControls, Ellipsis)} ${hangUp}
    </div>`;
  }

  /** The buttons of microphone and camera; none while the call is on hold, because both are released then. */
  protected deviceControls(keys: ShortcutKeys): Partial<Dock> {
    const { call, local, texts } = this;
    if (call?.onHold) return {};
    const microphone = microphoneControl(
      local?.microphone,
      texts,
      this.toggleMicrophone,
      keys.microphone,
    );
    if (!this.hasCameraControl || this.isAudioOnly) return { microphone };
    const isExpected = call?.callType === 'video';
    const { toggleCamera } = this;
    return {
      microphone,
      camera: cameraControl(local?.camera, texts, toggleCamera, isExpected, keys.camera),
    };
  }

  /** The button that leaves the call. */
  protected hangUpControl(): TemplateResult {
    const shortcut = this.shortcutKeys['hang-up'];
    const label = this.texts.hangUp;
    return control('hang-up-button', label, Phone, this.hangUp, 'end', false, shortcut);
  }

  /** Focuses the call as a whole, not a button, so that a key that is still pressed triggers nothing. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.stage')?.focus(options);
  }

  protected override providerChanged(host: CallHost | undefined): void {
    this.#local.attach(host?.service.$localMedia);
    this.#ended.attach(host);
    this.#keeper.attach(host?.service);
    this.#otherCall.attach(host?.service);
  }

  protected readonly hangUp = (): void => {
    if (this.call) this.leave(this.call);
  };

  /** The user leaves the call. */
  protected leave({ callID }: CallSnapshot): void {
    if (this.request(new CallHangUpEvent(callID))) this.run(this.service?.hangUp());
  }

  /** Notes and the row of controls after the end of the call. */
  protected endedFoot(): TemplateResult {
    const note = this.endedNote();
    return html`<div class="notes">
        ${note ? html`<div class="note" id="end-note" data-announced>${note}</div>` : nothing}
      </div>
      ${this.endedControls(note)}`;
  }

  /** Why calling again is not possible now, or that it has failed; otherwise an empty string. */
  protected endedNote(): string {
    return this.#ended.note(this.texts);
  }

  /** @param note the value of `endedNote()`, shown in an element `#end-note` if it is not empty */
  protected endedControls(note: string): TemplateResult {
    return this.#ended.template(this.texts, note, {
      onAgain: this.#onAgain,
      onClose: this.#onClose,
    });
  }

  readonly #onAgain = (): void => {
    if (!this.call || !this.request(new CallAgainEvent(this.call.callID))) return;
    this.run(this.#ended.again());
  };

  readonly #onClose = (): void => this.#ended.close();

  /** Must be called for each `keydown` in the view: Escape closes the end of a call. */
  protected readonly closeEndAtEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || this.call?.status !== 'ended') return;
    event.preventDefault();
    this.#onClose();
  };

  /** Opens devices again that could not be opened. */
  protected readonly retryDevices = (kinds: readonly ('microphone' | 'camera')[]): void => {
    for (const kind of kinds)
      this.run(
        kind === 'camera' ? this.service?.setCamera(true) : this.service?.setMicrophone(true),
      );
  };

  protected readonly toggleMicrophone = (): void =>
    this.run(this.service?.setMicrophone(!isOn(this.local?.microphone)));

  protected readonly toggleCamera = (): void =>
    this.run(this.service?.setCamera(!isOn(this.local?.camera)));
}
