import { html, nothing, type TemplateResult } from 'lit';
import type { DeviceList, SelectableKind } from '../../core/ports/media.js';
import type { LocalMediaSnapshot } from '../../core/service/types.js';
import { deviceSelect } from '../shared/device-lists.js';
import { icon } from '../shared/icons.js';
import { SwitchCamera } from '../shared/lucide/switch-camera.js';
import { roundButton } from './round-button.js';
import type { Texts } from '../shared/language.js';
import { Settings2 } from '../shared/lucide/settings-2.js';

/** Select lists for microphone, camera and speaker, and a button that opens all settings. */
export function devicePanel(
  devices: DeviceList | undefined,
  texts: Texts,
  onChoose: (kind: SelectableKind, deviceId: string) => void,
  onSettings: () => void,
): TemplateResult {
  return html`<div id="devices" class="panel" role="group" aria-label=${texts.devices}>
    ${(['microphone', 'camera', 'speaker'] as const).map((slot) =>
      deviceSelect(slot, devices, texts, onChoose),
    )}
    <button class="more" @click=${onSettings}>${texts.cameraAndSound}…</button>
  </div>`;
}

/** Whether a phone shows one of its two cameras. */
const canFlip = (local: LocalMediaSnapshot | undefined, devices: DeviceList | undefined): boolean =>
  local?.camera === 'on' && local.facing !== undefined && (devices?.cameras.length ?? 0) > 1;

/** The button that changes to the other camera of a phone. */
export const flipButton = (
  local: LocalMediaSnapshot | undefined,
  devices: DeviceList | undefined,
  texts: Texts,
  onPress: () => void,
): TemplateResult | typeof nothing =>
  canFlip(local, devices)
    ? roundButton(
        'flip',
        local?.facing === 'user' ? texts.switchToBackCamera : texts.switchToFrontCamera,
        SwitchCamera,
        onPress,
      )
    : nothing;

/** The button that opens the panel. */
export const deviceButton = (texts: Texts, isOpen: boolean, onPress: () => void): TemplateResult =>
  html`<button
    class="round"
    aria-label=${texts.devices}
    title=${texts.devices}
    aria-expanded=${isOpen}
    aria-controls="devices"
    @click=${onPress}
  >
    ${icon(Settings2)}
  </button>`;
