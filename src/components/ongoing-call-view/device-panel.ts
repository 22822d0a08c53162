import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DeviceList } from '../../core/ports/media.js';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { Settings2 } from '../shared/lucide/settings-2.js';

/** Whether the browser lets a page select the audio output device. */
const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype;

/** The ID that some browsers use for an entry that represents the default device. */
const DEFAULT_ID = 'default';
const hasDefault = (list: readonly MediaDeviceInfo[]): boolean =>
  list.some(({ deviceId }) => deviceId === DEFAULT_ID);

/** Native select lists for microphone, camera and speaker, which work with touch, keyboard and screen readers. */
export function devicePanel(
  devices: DeviceList | undefined,
  texts: Texts,
  onChoose: (kind: MediaDeviceKind, deviceId: string) => void,
): TemplateResult {
  const choice = (
    kind: MediaDeviceKind,
    label: string,
    list: readonly MediaDeviceInfo[],
    selected: string | undefined,
  ): TemplateResult | typeof nothing =>
    list.length
      ? html`<label>
          <span>${label}</span>
          <select
            @change=${(event: Event) => onChoose(kind, (event.target as HTMLSelectElement).value)}
          >
            ${
              hasDefault(list)
                ? nothing
                : html`<option value="" .selected=${live(selected === undefined)}>
                    ${texts.defaultDevice}
                  </option>`
            }
            ${list.map(
              (device, index) =>
                html`<option
                  value=${device.deviceId}
                  .selected=${live(device.deviceId === (selected ?? DEFAULT_ID))}
                >
                  ${device.label || texts.device(index + 1)}
                </option>`,
            )}
          </select>
        </label>`
      : nothing;
  const { microphones = [], cameras = [], speakers = [], selected = {} } = devices ?? {};
  return html`<div id="devices" class="panel" role="group" aria-label=${texts.devices}>
    ${choice('audioinput', texts.microphone, microphones, selected.microphone)}
    ${choice('videoinput', texts.camera, cameras, selected.camera)}
    ${
      canChooseSpeaker()
        ? choice('audiooutput', texts.speaker, speakers, selected.speaker)
        : nothing
    }
  </div>`;
}

/** Whether there are devices to choose from. */
const hasChoices = (devices: DeviceList | undefined): boolean =>
  !!devices && devices.microphones.length + devices.cameras.length + devices.speakers.length > 0;

/** The button that opens the panel. */
export const deviceButton = (
  devices: DeviceList | undefined,
  texts: Texts,
  isOpen: boolean,
  onPress: () => void,
): TemplateResult | typeof nothing =>
  hasChoices(devices)
    ? html`<button
        class="round"
        aria-label=${texts.devices}
        title=${texts.devices}
        aria-expanded=${isOpen}
        aria-controls="devices"
        @click=${onPress}
      >
        ${icon(Settings2)}
      </button>`
    : nothing;
