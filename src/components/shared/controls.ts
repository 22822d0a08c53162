import { html, nothing, type TemplateResult } from 'lit';
import { Mic } from './lucide/mic.js';
import { MicOff } from './lucide/mic-off.js';
import { Video } from './lucide/video.js';
import { VideoOff } from './lucide/video-off.js';
import type { DeviceState } from '../../core/ports/media.js';
import { icon, type IconNode } from './icons.js';
import type { Texts } from './language.js';
import { ariaShortcut } from './shortcuts.js';

/**
 * A round button in the row of controls. Its label describes the action.
 * @param shortcut letter of its keyboard shortcut
 */
export const control = (
  part: string,
  label: string,
  node: IconNode,
  onPress: () => void,
  className = '',
  busy = false,
  shortcut?: string,
): TemplateResult =>
  html`<button
    class="control ${className}"
    part=${part}
    aria-label=${label}
    aria-busy=${busy}
    aria-keyshortcuts=${shortcut ? ariaShortcut(shortcut) : nothing}
    @click=${(event: MouseEvent) => {
      // Ignores the second click of a double click that began on the previous element in this place, such as Accept.
      if (className !== 'end' || event.detail < 2) onPress();
    }}
  >
    ${icon(node, className === 'end' ? 'down' : '')}
  </button>`;

/** Whether a device is on, or will be on after the browser's permission prompt. */
export const isOn = (state: DeviceState | undefined): boolean =>
  state === 'on' || state === 'pending';

/** The place of a control that is not available at this time. It keeps the others in their places. */
export const unavailableControl = (label: string, node: IconNode): TemplateResult =>
  html`<button class="control" aria-label=${label} disabled>${icon(node)}</button>`;

/** False on phones, and on insecure pages, where `navigator.mediaDevices` is undefined. */
export const canShareScreen = (): boolean =>
  'getDisplayMedia' in ((navigator.mediaDevices as MediaDevices | undefined) ?? {});

export const microphoneControl = (
  state: DeviceState | undefined,
  texts: Texts,
  onPress: () => void,
  shortcut?: string,
): TemplateResult =>
  control(
    'microphone-button',
    isOn(state) ? texts.muteMicrophone : texts.unmuteMicrophone,
    isOn(state) ? Mic : MicOff,
    onPress,
    isOn(state) ? '' : 'off',
    state === 'pending',
    shortcut,
  );

/** @param isExpected whether the others expect a picture: only then its absence is marked */
export const cameraControl = (
  state: DeviceState | undefined,
  texts: Texts,
  onPress: () => void,
  isExpected: boolean,
  shortcut?: string,
): TemplateResult =>
  control(
    'camera-button',
    isOn(state) ? texts.turnCameraOff : texts.turnCameraOn,
    isOn(state) ? Video : VideoOff,
    onPress,
    isOn(state) || !isExpected ? '' : 'off',
    state === 'pending',
    shortcut,
  );
