import { html, type TemplateResult } from 'lit';
import { Mic } from './lucide/mic.js';
import { MicOff } from './lucide/mic-off.js';
import { Video } from './lucide/video.js';
import { VideoOff } from './lucide/video-off.js';
import type { DeviceState } from '../../core/ports/media.js';
import { icon, type IconNode } from './icons.js';
import type { Texts } from './language.js';

/** One round button of the row of controls. Its label says what a press does. */
export const control = (
  part: string,
  label: string,
  node: IconNode,
  onPress: () => void,
  look = '',
  busy = false,
): TemplateResult =>
  html`<button
    class="control ${look}"
    part=${part}
    aria-label=${label}
    aria-busy=${busy}
    title=${label}
    @click=${(event: MouseEvent) => {
      // The second half of a double click that began on what stood here before ("Accept", say) ends no call.
      if (look !== 'end' || event.detail < 2) onPress();
    }}
  >
    ${icon(node, look === 'end' ? 'down' : '')}
  </button>`;

/** Whether a source is on, or will be as soon as the browser's prompt is answered. */
export const isOn = (state: DeviceState | undefined): boolean =>
  state === 'on' || state === 'pending';

export const microphoneControl = (
  state: DeviceState | undefined,
  texts: Texts,
  onPress: () => void,
): TemplateResult =>
  control(
    'microphone-button',
    isOn(state) ? texts.muteMicrophone : texts.unmuteMicrophone,
    isOn(state) ? Mic : MicOff,
    onPress,
    isOn(state) ? '' : 'off',
    state === 'pending',
  );

export const cameraControl = (
  state: DeviceState | undefined,
  texts: Texts,
  onPress: () => void,
): TemplateResult =>
  control(
    'camera-button',
    isOn(state) ? texts.turnCameraOff : texts.turnCameraOn,
    isOn(state) ? Video : VideoOff,
    onPress,
    isOn(state) ? '' : 'off',
    state === 'pending',
  );
