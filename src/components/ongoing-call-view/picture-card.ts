import { html, nothing, type TemplateResult } from 'lit';
import { roundButton } from '../shared/stage.js';
import { namesTemplate } from '../shared/names.js';
import type { Texts } from '../shared/language.js';
import { Maximize2 } from '../shared/lucide/maximize-2.js';
import { video } from '../shared/video.js';
import type { MinimisedContext } from './minimised-bar.js';
import type { Tile } from './tiles.js';

interface CardContext extends Omit<MinimisedContext, 'avatar' | 'actions' | 'note'> {
  /** The state of the call; empty while media flow. */
  readonly status: string;
  /** Why the picture is not sent at present. */
  readonly paused: string | undefined;
}

/** The call as a small card with the picture of another member, and a few controls. */
export function pictureCard(
  { member, kind, stream }: Tile,
  texts: Texts,
  { handle, names, status, time, paused, onRestore, onTurnSoundOn, controls }: CardContext,
): TemplateResult {
  const isScreen = kind === 'screen';
  const name = isScreen ? texts.sharesScreen(member.userName) : member.userName;
  return html`<div
      class="tile ${isScreen ? 'screen' : ''} ${paused ? 'paused' : ''}"
      part="tile"
      data-user=${isScreen ? nothing : member.userID}
      data-screen=${isScreen ? member.userID : nothing}
    >
      ${video(stream ?? null, name)} ${paused ? html`<div class="state">${paused}</div>` : nothing}
      <div class="chip">
        ${namesTemplate(names, texts)}
        <div class="status"><span data-announced>${status}</span> ${status ? nothing : time}</div>
      </div>
    </div>
    ${handle}
    ${
      onTurnSoundOn
        ? html`<button class="sound" @click=${onTurnSoundOn}>${texts.turnSoundOn}</button>`
        : nothing
    }
    <div class="row-of-controls">
      ${roundButton('restore', texts.restore, Maximize2, onRestore)} ${controls}
    </div>`;
}
