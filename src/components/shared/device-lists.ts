import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DeviceList, SelectableKind } from '../../core/ports/media.js';
import type { DeviceSlot } from '../../core/ports/device-choices.js';
import type { Texts } from './language.js';

/** Whether the browser lets a page select the audio output device. */
const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype;

/** The ID that some browsers use for an entry that represents the default device. */
const DEFAULT_ID = 'default';
const hasDefault = (list: readonly MediaDeviceInfo[]): boolean =>
  list.some(({ deviceId }) => deviceId === DEFAULT_ID);

const KINDS: Readonly<Record<DeviceSlot, SelectableKind>> = {
  microphone: 'audioinput',
  camera: 'videoinput',
  speaker: 'audiooutput',
  ringer: 'ringer',
};
/** The list of each kind of device in a `DeviceList`. */
export const LISTS = {
  microphone: 'microphones',
  camera: 'cameras',
  speaker: 'speakers',
  ringer: 'speakers',
} as const;

/** Styles of `deviceSelect`. */
export const deviceSelectStyles = css`
  label {
    display: grid;
    gap: 4px;
    min-inline-size: 0;
    font-size: 14px;
    color: var(--_quiet);
  }
  select {
    inline-size: 100%;
    min-block-size: 44px;
    padding-inline: 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    color: var(--_text);
    font: inherit;
    font-size: 14px;
    text-overflow: ellipsis;
  }
`;

/**
 * A native select list of one kind of device, which works with touch, keyboard and screen readers. Nothing if there is
 * no choice.
 */
export function deviceSelect(
  slot: DeviceSlot,
  devices: DeviceList | undefined,
  texts: Texts,
  onChoose: (kind: SelectableKind, deviceId: string) => void,
): TemplateResult | typeof nothing {
  const list = devices?.[LISTS[slot]] ?? [];
  const isOutput = slot === 'speaker' || slot === 'ringer';
  if (!list.length || (isOutput && !canChooseSpeaker())) return nothing;
  const selected = devices?.selected[slot];
  return html`<label>
    <span>${slot === 'ringer' ? texts.ringingDevice : texts[slot]}</span>
    <select
      @change=${(event: Event) => onChoose(KINDS[slot], (event.target as HTMLSelectElement).value)}
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
  </label>`;
}
