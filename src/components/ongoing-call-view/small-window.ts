import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import type { Texts } from '../shared/language.js';
import { Pause } from '../shared/lucide/pause.js';
import { video } from '../shared/video.js';
import { mutedIcon, tileState, type Tile } from './tiles.js';
import type { Member } from '../../core/service/snapshots.js';

/** Most pictures in the small window. */
const MAX_PICTURES = 4;
const LAYOUTS = ['', 'one', 'two', 'three', 'four'] as const;

/** What the small window of a call shows. */
export interface SmallWindowContent {
  readonly texts: Texts;
  readonly avatar: AvatarTemplate;
  readonly names: string;
  /** All tiles of the call. */
  readonly tiles: readonly Tile[];
  /** The tile that the user has enlarged, or a shared screen. */
  readonly enlarged: Tile | undefined;
  readonly muted: (member: Member) => boolean;
  /** Text while no media flow, else empty. */
  readonly status: string;
  readonly time: TemplateResult | typeof nothing;
  readonly controls: TemplateResult;
}

/** The pictures of the other members; the enlarged one is first, or alone if it is a screen. */
export function picturesOf(tiles: readonly Tile[], enlarged: Tile | undefined): readonly Tile[] {
  if (enlarged?.kind === 'screen') return [enlarged];
  const others = tiles.filter(({ member, kind }) => !member.self && kind !== 'waiting');
  const all = others.length ? others : tiles.slice(0, 1);
  return [...all].sort((a, b) => Number(b.key === enlarged?.key) - Number(a.key === enlarged?.key));
}

/** The content of the small window: pictures, names, status and controls. */
export function smallWindowTemplate(content: SmallWindowContent): TemplateResult {
  const { texts, avatar, names, tiles, enlarged, muted, status, time, controls } = content;
  const pictures = picturesOf(tiles, enlarged);
  const shown = pictures.slice(0, MAX_PICTURES);
  const more = pictures.length - shown.length;
  const picture = ({ member, kind, stream }: Tile): TemplateResult => {
    const isPaused = kind === 'screen' && member.sharedScreen?.paused;
    return html`<div class="tile ${kind === 'screen' ? 'screen' : ''} ${isPaused ? 'paused' : ''}">
      ${stream ? video(stream, member.userName) : avatar(member)}
      ${isPaused ? tileState(texts.screenPaused(member.userName), Pause) : nothing}
      <div class="tag">
        ${kind === 'person' && muted(member) ? mutedIcon(texts) : nothing}
        <bdi title=${member.userName}>${member.userName}</bdi>
      </div>
    </div>`;
  };
  return html`<main class="window" aria-labelledby="title">
    <h1 id="title" class="hidden">${texts.callWith(names)}</h1>
    <div class="pictures ${LAYOUTS[shown.length] ?? ''}">
      ${repeat(shown, ({ key }) => key, picture)}
    </div>
    <div class="about">
      <span role="status">${status}</span>
      ${status ? nothing : html`<span>${time}</span>`}
      ${more > 0 ? html`<span class="more">${texts.more(more)}</span>` : nothing}
    </div>
    <div class="controls">${controls}</div>
  </main>`;
}
