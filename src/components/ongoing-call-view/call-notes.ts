import { html, nothing, type TemplateResult } from 'lit';
import type { CallSnapshot, LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { blockedSoundNote } from '../shared/blocked-sound.js';
import { poorConnectionText } from '../shared/connection-text.js';
import { deviceNotes, deviceNoteTemplate, mutedNotes } from '../shared/device-notes.js';
import type { DeviceNotice } from '../shared/device-notices.js';
import type { Texts } from '../shared/language.js';
import { screenNote } from './screen-control.js';

interface NotesContext {
  readonly notices: readonly DeviceNotice[];
  /** Undefined if the browser does not block the sound. */
  readonly onTurnSoundOn: (() => void) | undefined;
  readonly onRetry: (kinds: readonly ('microphone' | 'camera')[]) => void;
  readonly onUnmute: () => void;
  readonly onPauseScreen: (on: boolean) => void;
}

const noticeText = (notice: DeviceNotice, texts: Texts): string =>
  notice.type === 'replaced'
    ? texts.deviceReplaced(notice.lost, notice.used ?? texts.defaultDevice)
    : texts.deviceReturned(notice.used);

/** Who gives the own place in the call to whom, and why; or that this has failed. */
function transferTexts({ transfer, members }: CallSnapshot, texts: Texts): readonly string[] {
  if (!transfer) return [];
  const { by, to, reason, failed } = transfer;
  if (failed) return [texts.transferFailed(to.userName)];
  const isOwn = members.some((member) => member.self && member.userID === by.userID);
  if (isOwn) return [texts.transferringTo(to.userName)];
  return [texts.transferredBy(by.userName, to.userName), ...(reason ? [reason] : [])];
}

/** The notes above the controls: what the user should know about the sound and the devices. */
export function callNotes(
  call: CallSnapshot,
  local: LocalMediaSnapshot | undefined,
  texts: Texts,
  { notices, onTurnSoundOn, onRetry, onUnmute, onPauseScreen }: NotesContext,
): TemplateResult {
  const poor = poorConnectionText(call, texts);
  const transfer = transferTexts(call, texts);
  const holders = call.members.filter(({ onHold }) => onHold);
  const held = holders.map(({ userName }) => texts.onHoldBy(userName));
  return html`${transfer.map((text) => html`<div class="note" dir="auto" data-announced>${text}</div>`)}${held.map((text) => html`<div class="note" data-announced>${text}</div>`)}${poor ? html`<div class="note" data-announced>${poor}</div>` : nothing}
  ${onTurnSoundOn ? blockedSoundNote(texts, onTurnSoundOn) : nothing}
  ${local?.screen ? screenNote(local, texts, onPauseScreen) : nothing}
  ${deviceNotes(call, local, texts).map((note) => deviceNoteTemplate(note, texts, onRetry))}
  ${mutedNotes(local, texts, onUnmute)}
  ${notices.map((notice) => html`<div class="note" data-announced>${noticeText(notice, texts)}</div>`)}`;
}
