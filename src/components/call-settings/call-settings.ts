import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { CallError } from '../../core/service/call-error.js';
import type { EffectState } from '../../core/ports/media-effects.js';
import type { DeviceList, MediaPreview, SelectableKind } from '../../core/ports/media.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import type { LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { baseStyles } from '../shared/base.styles.js';
import { CallElement } from '../shared/call-element.js';
import type { CallHost } from '../shared/context.js';
import { deviceSelect, deviceSelectStyles } from '../shared/device-lists.js';
import { deviceNotes, deviceNoteTemplate } from '../shared/device-notes.js';
import { effectSwitches, effectSwitchStyles } from '../shared/effect-switches.js';
import { icon } from '../shared/icons.js';
import { directionOf } from '../shared/language.js';
import { localeOf } from '../shared/locale-of.js';
import { VideoOff } from '../shared/lucide/video-off.js';
import { X } from '../shared/lucide/x.js';
import { StoreController } from '../shared/store-controller.js';
import { playTestTone } from '../shared/test-tone.js';
import { video } from '../shared/video.js';
import { styles } from './call-settings.styles.js';
import { MicrophoneMeter } from './microphone-meter.js';
import { quietSettings, quietSettingsStyles } from './quiet-settings.js';

type Source = 'microphone' | 'camera';

/**
 * The devices of calls: choices of camera, microphone, speaker and the device for ringtones, a preview of the camera, the
 * level of the microphone, and test sounds. Works before a call and in it. It opens no device before the user asks for
 * it; the picture and the sound of a preview are sent to nobody.
 *
 * The switches of the page's effects are in the group of their device. At the end are a switch for do-not-disturb, and the
 * people whom the user has blocked.
 *
 * @slot - Further settings of the page.
 * @csspart close-button - The button that closes the settings. Only where `service.openSettings()` has opened them.
 * @csspart unblock-button - The button of a blocked person that unblocks this person.
 * @cssstate open - There is a provider. Without this state, the element has `display: none`.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org"></call-invitation-provider>
 * <call-settings></call-settings>
 * ```
 */
export class CallSettings extends CallElement {
  static override styles = [
    baseStyles,
    deviceSelectStyles,
    effectSwitchStyles,
    styles,
    quietSettingsStyles,
  ];

  /** Whether the element is shown by a provider above the page, and can be closed. */
  @property({ type: Boolean, attribute: 'in-layer', reflect: true }) inLayer = false;

  @state() protected preview: LocalMediaSnapshot | undefined;

  readonly #devices = new StoreController<DeviceList>(this);
  readonly #effects = new StoreController<readonly EffectState[]>(this);
  readonly #local = new StoreController<LocalMediaSnapshot>(this);
  readonly #doNotDisturb = new StoreController<boolean | { readonly until: number }>(this);
  readonly #blocked = new StoreController<readonly CallUser[]>(this);
  #previewing: Promise<MediaPreview> | undefined;
  #handle: MediaPreview | undefined;
  /** The element that had the focus before the settings were opened. */
  #focused: HTMLElement | undefined;

  constructor() {
    super();
    this.addController(new MicrophoneMeter(this, () => this.#handle?.level()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#closePreview();
    this.#focused?.focus();
    this.#focused = undefined;
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus(options);
  }

  protected override providerChanged(host: CallHost | undefined): void {
    this.#closePreview();
    this.#devices.attach(host?.service.$devices);
    this.#effects.attach(host?.service.$effects);
    this.#local.attach(host?.service.$localMedia);
    this.#doNotDisturb.attach(host?.service.$doNotDisturb);
    this.#blocked.attach(host?.service.$blocked);
    if (host && this.isConnected) void this.#openPreview();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', !!this.service);
    // Phones can open only one camera at a time: that of the call.
    for (const source of ['camera', 'microphone'] as const)
      if (this.#inCall(source) && this.preview && this.preview[source] !== 'off')
        this.#set(source, false);
  }

  protected override firstUpdated(): void {
    if (!this.inLayer) return;
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused !== document.body) this.#focused = focused;
    this.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.service) return nothing;
    const { texts } = this;
    const devices = this.#devices.value;
    const select = (slot: 'camera' | 'microphone' | 'speaker' | 'ringer') =>
      deviceSelect(slot, devices, texts, this.#onChoose);
    const effects = (kind: EffectState['kind']) =>
      effectSwitches(this.#effects.value, kind, texts, this.#onSwitch);
    return html`<section
      role=${ifDefined(this.inLayer ? 'dialog' : undefined)}
      aria-labelledby="title"
      lang=${texts.lang}
      dir=${directionOf(texts)}
      @keydown=${this.#onKeyDown}
    >
      <header>
        <h2 id="title" tabindex="-1">${texts.cameraAndSound}</h2>
        ${
          this.inLayer
            ? html`<button
                class="close"
                part="close-button"
                aria-label=${texts.close}
                @click=${this.#onClose}
              >
                ${icon(X)}
              </button>`
            : nothing
        }
      </header>
      ${this.#notes()}
      <div class="group">${this.#picture()} ${select('camera')} ${effects('video')}</div>
      <div class="group">${select('microphone')} ${this.#meter()} ${effects('audio')}</div>
      <div class="group">
        ${select('speaker')} ${this.#test(texts.testSpeaker, 'speaker', 'test-speaker')}
      </div>
      <div class="group">
        ${select('ringer')} ${this.#test(texts.testRingtone, 'ringer', 'test-ringtone')}
      </div>
      <div class="group">${this.#quiet()}</div>
      <slot></slot>
    </section>`;
  }

  #quiet(): TemplateResult {
    const { texts, service } = this;
    return quietSettings({
      texts,
      locale: localeOf(this, texts),
      doNotDisturb: this.#doNotDisturb.value ?? false,
      blocked: this.#blocked.value ?? [],
      // After a failure, a render restores the switch.
      setDoNotDisturb: (on) =>
        this.run(service?.setDoNotDisturb(on).finally(() => this.requestUpdate())),
      unblock: (userID) => this.run(service?.unblock(userID)),
    });
  }

  /** Whether the call uses a source. */
  #inCall(source: Source): boolean {
    const device = this.#local.value?.[source];
    return device === 'on' || device === 'pending';
  }

  #notes(): TemplateResult {
    const { texts, preview } = this;
    const notes = deviceNotes(undefined, preview, texts);
    const retry = (sources: readonly Source[]): void => {
      for (const source of sources) this.#set(source, true);
    };
    return html`<div class="notes" role="status">
      ${notes.map((note) => deviceNoteTemplate(note, texts, retry))}
    </div>`;
  }

  #picture(): TemplateResult {
    const { texts, preview } = this;
    const isSent = this.#inCall('camera');
    const shown = isSent ? this.#local.value : preview;
    const isOn = shown?.camera === 'on' && shown.stream;
    const look = shown?.facing === 'environment' ? '' : 'mirrored';
    return html`<div class="picture">
        ${isOn ? video(shown.stream, texts.camera, look) : icon(VideoOff)}
      </div>
      ${isOn && !isSent ? html`<div class="quiet">${texts.onlyYou}</div>` : nothing}
      ${
        isSent
          ? nothing
          : html`<button
              class="action preview"
              aria-busy=${preview?.camera === 'pending'}
              @click=${() => this.#set('camera', !isOn)}
            >
              ${isOn ? texts.hidePreview : texts.showPreview}
            </button>`
      }`;
  }

  #meter(): TemplateResult {
    const { texts, preview } = this;
    const isSent = this.#inCall('microphone');
    const isOn = preview?.microphone === 'on';
    return html`${
      isSent || isOn
        ? html`<div
            class="meter"
            .role=${'meter'}
            aria-label=${texts.microphoneLevel}
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow="0"
          >
            <i></i>
          </div>`
        : nothing
    }
    ${
      isSent
        ? nothing
        : html`<button class="action test" @click=${() => this.#set('microphone', !isOn)}>
            ${isOn ? texts.stopTest : texts.testMicrophone}
          </button>`
    }`;
  }

  #test(label: string, slot: 'speaker' | 'ringer', look: string): TemplateResult {
    const deviceId = this.#devices.value?.selected[slot] ?? '';
    return html`<button class="action ${look}" @click=${() => this.run(playTestTone(deviceId))}>
      ${label}
    </button>`;
  }

  /** A preview without open devices: it makes the service watch the list of devices. */
  #openPreview(): Promise<MediaPreview> | undefined {
    const { service } = this;
    if (!service || this.#previewing) return this.#previewing;
    const previewing = service.preview((media) => {
      if (previewing === this.#previewing) this.preview = media;
    });
    this.#previewing = previewing;
    previewing.then(
      (handle) => {
        if (previewing === this.#previewing) this.#handle = handle;
        else handle.close();
      },
      (error: unknown) => {
        // The next press of a button tries again.
        if (previewing === this.#previewing) this.#previewing = undefined;
        // Without WebRTC there are no devices, which the elements of calls show.
        if (!(error instanceof CallError && error.code === 'unsupported')) this.report(error);
      },
    );
    return previewing;
  }

  #closePreview(): void {
    this.#handle?.close();
    this.#handle = this.#previewing = this.preview = undefined;
  }

  #set(source: Source, on: boolean): void {
    const opening = this.#openPreview()?.then((handle) =>
      source === 'camera' ? handle.setCamera(on) : handle.setMicrophone(on),
    );
    // A preview that can't be opened has been reported.
    opening?.catch(() => {});
  }

  readonly #onChoose = (kind: SelectableKind, deviceId: string): void =>
    // After a failure, a render restores the selection in the list.
    this.run(this.service?.selectDevice(kind, deviceId).finally(() => this.requestUpdate()));

  readonly #onSwitch = (name: string, on: boolean): void =>
    this.run(this.service?.setEffect(name, on).finally(() => this.requestUpdate()));

  readonly #onClose = (): void => this.service?.closeSettings();

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.inLayer) return;
    event.stopPropagation();
    this.#onClose();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'call-settings': CallSettings;
  }
}
