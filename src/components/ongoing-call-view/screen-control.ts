import { html, nothing, type TemplateResult } from 'lit';
import type { LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { canShareScreen, control } from '../shared/controls.js';
import type { Texts } from '../shared/language.js';
import { MonitorUp } from '../shared/lucide/monitor-up.js';

/** The button that shares the screen, in browsers that support it. */
export const screenControl = (
  shares: boolean,
  texts: Texts,
  onPress: () => void,
): TemplateResult | typeof nothing =>
  canShareScreen()
    ? control(
        'screen-button',
        shares ? texts.stopSharing : texts.shareScreen,
        MonitorUp,
        onPress,
        shares ? 'active' : '',
      )
    : nothing;

function sharedText({ sharedScreen }: LocalMediaSnapshot, texts: Texts): string {
  const { surface, sound, paused } = sharedScreen ?? {};
  if (paused) return texts.sharingPaused;
  const text =
    surface === 'window'
      ? texts.youShareWindow
      : surface === 'browser'
        ? texts.youShareTab
        : texts.youShareScreen;
  return sound ? `${text} · ${texts.withSound}` : text;
}

/** Tells what this user shares, and pauses it. */
export const screenNote = (
  local: LocalMediaSnapshot,
  texts: Texts,
  onPause: (on: boolean) => void,
): TemplateResult => {
  const isPaused = local.sharedScreen?.paused ?? false;
  return html`<div class="note" data-announced>
    ${sharedText(local, texts)}
    <button part="screen-pause-button" @click=${() => onPause(!isPaused)}>
      ${isPaused ? texts.continueSharing : texts.pauseSharing}
    </button>
  </div>`;
};
