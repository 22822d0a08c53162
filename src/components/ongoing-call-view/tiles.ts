import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import type {
  CallSnapshot,
  LocalMediaSnapshot,
  Member,
  RemoteMediaSnapshot,
} from '../../core/service/types.js';
import { avatar } from '../shared/avatar.js';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';

/** One picture of the call: of a member, or of the screen that a member shares. */
export interface Tile {
  readonly key: string;
  readonly member: Member;
  /** The picture; without one the member's avatar is shown. */
  readonly stream: MediaStream | undefined;
  readonly screen: boolean;
}

/** Everybody who is in the call, and the screens of the others first. The last tile is one's own. */
export function tilesOf(
  call: CallSnapshot,
  local: LocalMediaSnapshot | undefined,
  remote: ReadonlyMap<string, RemoteMediaSnapshot> | undefined,
): Tile[] {
  const inCall = call.members.filter(
    ({ self, state }) => self || state === 'accepted' || state === 'reconnecting',
  );
  // A one-to-one call keeps its two tiles, also while the other one is not there yet or is gone.
  const shown = inCall.length > 1 ? inCall : call.members;
  const tiles = shown.map((member): Tile => {
    const media = member.self ? local : remote?.get(member.userID);
    const stream = member.camera ? media?.stream : undefined;
    return { key: member.userID, member, stream, screen: false };
  });
  const screens = shown.flatMap((member): Tile[] => {
    const stream = member.self ? undefined : remote?.get(member.userID)?.screen;
    return stream ? [{ key: `${member.userID} screen`, member, stream, screen: true }] : [];
  });
  return [
    ...screens,
    ...tiles.filter(({ member }) => !member.self),
    ...tiles.filter(({ member }) => member.self),
  ];
}

/** Who is seen in a tile. */
const label = ({ member, screen }: Tile, texts: Texts): string =>
  screen ? texts.sharesScreen(member.userName) : member.self ? texts.you : member.userName;

/** A crossed microphone. */
export const mutedSign = (texts: Texts): TemplateResult =>
  html`${icon(MicOff)}<span class="hidden">${texts.microphoneOff}</span>`;

/**
 * A picture that moves. Its sound is played elsewhere. A stream that is set again would start anew: `live` sets it when it
 * is another one.
 */
export const video = (stream: MediaStream, label: string, look = ''): TemplateResult =>
  html`<video
    class=${look}
    autoplay
    playsinline
    aria-label=${label}
    .muted=${true}
    .srcObject=${live(stream)}
  ></video>`;

const tileTemplate = (tile: Tile, place: string, muted: boolean, texts: Texts): TemplateResult =>
  html`<div class="tile ${place} ${tile.screen ? 'screen' : ''}" part="tile">
    ${
      tile.stream
        ? video(tile.stream, label(tile, texts), tile.member.self ? 'mirrored' : '')
        : avatar(tile.member, place === 'main' ? 'large' : '')
    }
    <div class="tag">
      ${muted ? mutedSign(texts) : nothing}
      <bdi title=${label(tile, texts)}>${label(tile, texts)}</bdi>
    </div>
  </div>`;

/**
 * The tiles of a call. With one other member that one is large and the rest small beside it; with more, all are equal.
 * @param muted whether a member's microphone is known to be off
 */
export function tilesTemplate(
  tiles: readonly Tile[],
  muted: (member: Member) => boolean,
  texts: Texts,
): TemplateResult {
  const people = tiles.filter(({ screen }) => !screen).length;
  const grid = people > 2;
  const columns = people > 4 ? 'three' : '';
  return html`<div class="tiles ${grid ? `grid ${columns}` : 'pair'}">
    ${repeat(
      tiles,
      ({ key }) => key,
      (tile, index) =>
        tileTemplate(
          tile,
          grid ? '' : index === 0 ? 'main' : 'small',
          !tile.screen && muted(tile.member),
          texts,
        ),
    )}
  </div>`;
}
