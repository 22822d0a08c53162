import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { MicOff } from '../shared/lucide/mic-off.js';
import { Pin } from '../shared/lucide/pin.js';
import { X } from '../shared/lucide/x.js';
import { isIn, isWaiting } from '../../core/service/in-calling.js';
import type {
  CallSnapshot,
  LocalMediaSnapshot,
  Member,
  RemoteMediaSnapshot,
} from '../../core/service/types.js';
import { avatar } from '../shared/avatar.js';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { memberText } from '../shared/member-state.js';

/** One field of the call: a member, the screen that a member shares, or somebody who is still to answer. */
export interface Tile {
  readonly key: string;
  readonly kind: 'person' | 'screen' | 'waiting';
  readonly member: Member;
  /** The picture; without one the member's avatar is shown. */
  readonly stream: MediaStream | undefined;
}

/** The screens of the others first, then everybody who is in the call or still rings. The last tile is one's own. */
export function tilesOf(
  call: CallSnapshot,
  local: LocalMediaSnapshot | undefined,
  remote: ReadonlyMap<string, RemoteMediaSnapshot> | undefined,
): Tile[] {
  const inCall = call.members.filter((member) => member.self || isIn(member));
  // A one-to-one call keeps its two tiles, also while the other one is not there yet or is gone.
  const waiting =
    call.members.length > 2
      ? call.members.filter((member) => !member.self && isWaiting(member))
      : [];
  const shown = inCall.length + waiting.length > 1 ? inCall : call.members;
  const people = shown.map((member): Tile => {
    const media = member.self ? local : remote?.get(member.userID);
    const stream = member.camera ? media?.stream : undefined;
    return { key: member.userID, kind: 'person', member, stream };
  });
  const screens = shown.flatMap((member): Tile[] => {
    const stream = member.self ? undefined : remote?.get(member.userID)?.screen;
    return stream ? [{ key: `${member.userID} screen`, kind: 'screen', member, stream }] : [];
  });
  return [
    ...screens,
    ...people.filter(({ member }) => !member.self),
    ...waiting.map((member): Tile => {
      return { key: `${member.userID} waiting`, kind: 'waiting', member, stream: undefined };
    }),
    ...people.filter(({ member }) => member.self),
  ];
}

/** Two people, and at most one more who rings: one is large, the rest small beside it. */
export const isPair = (tiles: readonly Tile[]): boolean => {
  const count = (kind: Tile['kind']): number => tiles.filter((tile) => tile.kind === kind).length;
  return count('person') <= 2 && count('waiting') <= 1;
};

/** Who is seen in a tile. */
const label = ({ member, kind }: Tile, texts: Texts): string =>
  kind === 'screen'
    ? texts.sharesScreen(member.userName)
    : member.self
      ? texts.you
      : member.userName;

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

/** What the tiles need to know, and what is done when they are pressed. */
export interface TilesContext {
  readonly texts: Texts;
  /** The tile that is large among the others, if there is one. */
  readonly large: Tile | undefined;
  /** Whether a member's microphone is known to be off. */
  readonly muted: (member: Member) => boolean;
  /** Whether a member's invitation may be taken back here. */
  readonly mayCancel: (member: Member) => boolean;
  readonly onPin: (tile: Tile) => void;
  readonly onCancel: (member: Member) => void;
}

/** It lies over the whole tile: so a press anywhere on the tile is a press on a real button. */
const pinButton = (tile: Tile, { texts, large, onPin }: TilesContext): TemplateResult => {
  const text = texts.enlarge(label(tile, texts));
  return html`<button
    class="pin"
    aria-label=${text}
    title=${text}
    aria-pressed=${tile.key === large?.key}
    @click=${() => onPin(tile)}
  >
    ${icon(Pin)}
  </button>`;
};

const personTile = (tile: Tile, place: string, context: TilesContext): TemplateResult => {
  const { texts } = context;
  const { member, stream, kind } = tile;
  const text = label(tile, texts);
  const person = kind === 'person';
  const lost = person && !member.self && member.state === 'reconnecting';
  return html`<div
    class="tile ${place} ${person ? '' : 'screen'} ${lost ? 'lost' : ''}"
    part="tile"
    data-user=${person ? member.userID : nothing}
  >
    ${
      stream
        ? video(stream, text, member.self ? 'mirrored' : '')
        : avatar(member, place === 'main' ? 'large' : '')
    }
    ${lost ? html`<div class="state">${texts.reconnecting}</div>` : nothing}
    <div class="tag">
      ${person && context.muted(member) ? mutedSign(texts) : nothing}
      <bdi title=${text}>${text}</bdi>
    </div>
    ${place === 'main' || place === 'small' ? nothing : pinButton(tile, context)}
  </div>`;
};

const waitingTile = ({ member }: Tile, place: string, context: TilesContext): TemplateResult => {
  const { texts, mayCancel, onCancel } = context;
  const { userName, state } = member;
  const text = texts.cancelInvitation(userName);
  return html`<div class="tile waiting ${place}" part="waiting-tile">
    ${avatar(member)}
    <div class="state">${memberText(state, texts)}</div>
    <div class="tag"><bdi title=${userName}>${userName}</bdi></div>
    ${
      mayCancel(member)
        ? html`<button
            class="round take-back"
            aria-label=${text}
            title=${text}
            @click=${() => onCancel(member)}
          >
            ${icon(X)}
          </button>`
        : nothing
    }
  </div>`;
};

/**
 * The tiles of a call. Those of a pair have their places by style alone; the places of more are measured, by
 * `TileLayout`. All stay in their order in the document: a picture that is moved there would stop.
 */
export function tilesTemplate(tiles: readonly Tile[], context: TilesContext): TemplateResult {
  const pair = isPair(tiles);
  const { large } = context;
  const look = pair ? 'pair' : large ? 'grid focus' : 'grid';
  return html`<div class="tiles ${look}">
    ${repeat(
      tiles,
      ({ key }) => key,
      (tile, index) => {
        const inPair = index === 0 ? 'main' : 'small';
        const place = pair ? inPair : tile.key === large?.key ? 'first' : '';
        return tile.kind === 'waiting'
          ? waitingTile(tile, place, context)
          : personTile(tile, place, context);
      },
    )}
  </div>`;
}
