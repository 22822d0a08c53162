import { html, type TemplateResult } from 'lit';
import type { DeviceList, SelectableKind } from '../../core/ports/media.js';
import type { LocalMediaSnapshot } from '../../core/service/types.js';
import { deviceSelect } from '../shared/device-lists.js';
import type { Texts } from '../shared/language.js';

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
export const canFlip = (
  local: LocalMediaSnapshot | undefined,
  devices: DeviceList | undefined,
): boolean =>
  local?.camera === 'on' && local.facing !== undefined && (devices?.cameras.length ?? 0) > 1;
