import { html, nothing, type TemplateResult } from 'lit';
import type { DeviceProblem } from '../../core/ports/media.js';
import type { CallSnapshot, LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { browserKind } from './browser-kind.js';
import type { Texts } from './language.js';

type Kind = 'microphone' | 'camera';

/** A note about devices that can't be used. */
export interface DeviceNote {
  /** What is wrong. */
  readonly text: string;
  /** What the user can do about it. */
  readonly advice: string;
  /** The devices to open again. Empty if that can't help. */
  readonly retry: readonly Kind[];
}

/** Problems that the user can't solve in this page. */
const FINAL: readonly DeviceProblem[] = ['policy', 'insecure'];

/**
 * Notes about devices that are not available: why, and what to do in this browser. A missing camera counts only in a
 * video call, or after it has failed.
 * @param call undefined outside of a call: the notes don't say what the others miss
 */
export function deviceNotes(
  call: Pick<CallSnapshot, 'callType'> | undefined,
  local: LocalMediaSnapshot | undefined,
  texts: Texts,
  browser = browserKind(),
): DeviceNote[] {
  if (!local) return [];
  const microphone =
    local.microphone === 'unavailable' ? (local.microphoneProblem ?? 'failed') : undefined;
  // A page without https has no camera even if nobody wants one.
  const wantsCamera =
    call?.callType === 'video' || (local.cameraProblem && local.cameraProblem !== 'insecure');
  const camera =
    wantsCamera && local.camera === 'unavailable' ? (local.cameraProblem ?? 'failed') : undefined;
  const note = (problem: DeviceProblem, text: string, ...kinds: Kind[]): DeviceNote => ({
    text,
    advice: texts.deviceAdvice(problem, browser),
    retry: FINAL.includes(problem) ? [] : kinds,
  });
  const noMicrophone = call ? texts.noMicrophone : texts.microphoneProblem;
  const noCamera = call ? texts.noCamera : texts.cameraProblem;
  if (call && microphone && microphone === camera)
    return [note(microphone, texts.noDevices(microphone), 'microphone', 'camera')];
  return [
    ...(microphone ? [note(microphone, noMicrophone(microphone), 'microphone')] : []),
    ...(camera ? [note(camera, noCamera(camera), 'camera')] : []),
  ];
}

/** A note with its advice, and a button that opens the devices again. */
export const deviceNoteTemplate = (
  { text, advice, retry }: DeviceNote,
  texts: Texts,
  onRetry: (kinds: readonly Kind[]) => void,
): TemplateResult =>
  html`<div class="note device-note">
    <span data-announced><strong>${text}.</strong> ${advice}.</span>
    ${
      retry.length
        ? html`<button class="retry" @click=${() => onRetry(retry)}>${texts.tryAgain}</button>`
        : nothing
    }
  </div>`;

/** Notes about devices that are open but muted: by the system, or by the user who speaks. */
export function mutedNotes(
  local: LocalMediaSnapshot | undefined,
  texts: Texts,
  onUnmute: () => void,
): TemplateResult[] {
  if (!local) return [];
  const { microphone, camera, microphoneMutedBySystem, cameraMutedBySystem } = local;
  return [
    ...(microphone === 'on' && microphoneMutedBySystem
      ? [html`<div class="note" data-announced>${texts.microphoneMutedBySystem}</div>`]
      : []),
    ...(camera === 'on' && cameraMutedBySystem
      ? [html`<div class="note" data-announced>${texts.cameraMutedBySystem}</div>`]
      : []),
    ...(local.speakingWhileMuted
      ? [
          html`<div class="note you-are-muted" data-announced>
            ${texts.youAreMuted}<button @click=${onUnmute}>${texts.unmuteMicrophone}</button>
          </div>`,
        ]
      : []),
  ];
}
