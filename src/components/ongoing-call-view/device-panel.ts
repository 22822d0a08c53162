import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { EffectState } from '../../core/ports/media-effects.js';
import type { DeviceList, SelectableKind } from '../../core/ports/media.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { deviceSelect } from '../shared/device-lists.js';
import { effectSwitches } from '../shared/effect-switches.js';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { Settings2 } from '../shared/lucide/settings-2.js';
import { SwitchCamera } from '../shared/lucide/switch-camera.js';
import { StoreController } from '../shared/store-controller.js';
import { roundButton } from './round-button.js';

type Host = ReactiveControllerHost & Element & { readonly renderRoot: ParentNode };

/** The devices of the call view: a panel with select lists and switches of effects, and the button that opens it. */
export class DevicePanel {
  readonly #host: Host;
  readonly #run: (command: Promise<unknown> | undefined) => void;
  readonly #devices: StoreController<DeviceList>;
  readonly #effects: StoreController<readonly EffectState[]>;
  #service: CallInvitationService | undefined;
  #isOpen = false;

  /** @param run waits for a command, and reports its failure */
  constructor(host: Host, run: (command: Promise<unknown> | undefined) => void) {
    this.#host = host;
    this.#run = run;
    this.#devices = new StoreController(host);
    this.#effects = new StoreController(host);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#service = service;
    this.#devices.attach(service?.$devices);
    this.#effects.attach(service?.$effects);
  }

  get devices(): DeviceList | undefined {
    return this.#devices.value;
  }

  close(): void {
    this.#isOpen = false;
    this.#host.requestUpdate();
  }

  /** The button that opens the panel. @param onOpen called when the panel opens, to close others in its place */
  button(texts: Texts, onOpen: () => void): TemplateResult {
    return html`<button
      class="round"
      aria-label=${texts.devices}
      title=${texts.devices}
      aria-expanded=${this.#isOpen}
      aria-controls="devices"
      @click=${() => {
        this.#isOpen = !this.#isOpen;
        if (this.#isOpen) onOpen();
        this.#host.requestUpdate();
      }}
    >
      ${icon(Settings2)}
    </button>`;
  }

  /** The button that changes to the other camera of a phone. */
  flipButton(local: LocalMediaSnapshot | undefined, texts: Texts): TemplateResult | typeof nothing {
    const canFlip =
      local?.camera === 'on' &&
      local.facing !== undefined &&
      (this.devices?.cameras.length ?? 0) > 1;
    if (!canFlip) return nothing;
    const label = local.facing === 'user' ? texts.switchToBackCamera : texts.switchToFrontCamera;
    return roundButton('flip', label, SwitchCamera, () => this.#run(this.#service?.flipCamera()));
  }

  panel(texts: Texts): TemplateResult | typeof nothing {
    if (!this.#isOpen) return nothing;
    return html`<div id="devices" class="panel" role="group" aria-label=${texts.devices}>
      ${(['microphone', 'camera', 'speaker'] as const).map((slot) =>
        deviceSelect(slot, this.devices, texts, this.choose),
      )}
      ${(['audio', 'video'] as const).map((kind) =>
        effectSwitches(this.#effects.value, kind, texts, this.#onSwitch),
      )}
      <button class="more" @click=${this.#onSettings}>${texts.cameraAndSound}…</button>
    </div>`;
  }

  readonly choose = (kind: SelectableKind, deviceId: string): void =>
    this.#command(this.#service?.selectDevice(kind, deviceId));

  /** Closes the panel at Escape, and returns the focus to its button. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#isOpen) return;
    event.stopPropagation();
    this.close();
    this.#host.renderRoot.querySelector<HTMLElement>('[aria-controls="devices"]')?.focus();
  };

  readonly #onSwitch = (name: string, on: boolean): void =>
    this.#command(this.#service?.setEffect(name, on));

  readonly #onSettings = (): void => {
    this.close();
    this.#service?.openSettings();
  };

  /** After a failure, a render restores the state of the control. */
  #command(command: Promise<unknown> | undefined): void {
    this.#run(command?.finally(() => this.#host.requestUpdate()));
  }
}
