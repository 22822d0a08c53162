import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { EffectState } from '../../core/ports/media-effects.js';
import type { DeviceList, SelectableKind } from '../../core/ports/media.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { deviceSelect } from '../shared/device-lists.js';
import { effectSwitches } from '../shared/effect-switches.js';
import type { Texts } from '../shared/language.js';
import { Settings2 } from '../shared/lucide/settings-2.js';
import { SwitchCamera } from '../shared/lucide/switch-camera.js';
import { StoreController } from '../shared/store-controller.js';
import type { Panels } from './panels.js';
import { roundButton } from '../shared/stage.js';

/** The devices of the call view: a panel with select lists and switches of effects, and the button that opens it. */
export class DevicePanel {
  readonly #host: ReactiveControllerHost & Element;
  readonly #panels: Panels;
  readonly #run: (command: Promise<unknown> | undefined) => void;
  readonly #devices: StoreController<DeviceList>;
  readonly #effects: StoreController<readonly EffectState[]>;
  #service: CallInvitationService | undefined;

  /** @param run waits for a command, and reports its failure */
  constructor(
    host: ReactiveControllerHost & Element,
    panels: Panels,
    run: (command: Promise<unknown> | undefined) => void,
  ) {
    this.#host = host;
    this.#panels = panels;
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

  /** The button that opens the panel. */
  button(texts: Texts): TemplateResult {
    return this.#panels.button('devices', texts.devices, Settings2);
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
    const content = html`${(['microphone', 'camera', 'speaker'] as const).map((slot) =>
        deviceSelect(slot, this.devices, texts, this.choose),
      )}
      ${(['audio', 'video'] as const).map((kind) =>
        effectSwitches(this.#effects.value, kind, texts, this.#onSwitch),
      )} <button class="settings" @click=${this.#onSettings}>${texts.cameraAndSound}…</button>`;
    return this.#panels.panel({ name: 'devices', label: texts.devices, content }, texts);
  }

  readonly choose = (kind: SelectableKind, deviceId: string): void =>
    this.#command(this.#service?.selectDevice(kind, deviceId));

  readonly #onSwitch = (name: string, on: boolean): void =>
    this.#command(this.#service?.setEffect(name, on));

  readonly #onSettings = (): void => {
    this.#panels.close();
    this.#service?.openSettings();
  };

  /** After a failure, a render restores the state of the control. */
  #command(command: Promise<unknown> | undefined): void {
    this.#run(command?.finally(() => this.#host.requestUpdate()));
  }
}
