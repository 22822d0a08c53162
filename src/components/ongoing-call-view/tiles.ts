import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { MicOff } from '../shared/lucide/mic-off.js';
import { MonitorUp } from '../shared/lucide/monitor-up.js';
import { Pause } from '../shared/lucide/pause.js';
import { PhoneMissed } from '../shared/lucide/phone-missed.js';
import { PhoneOutgoing } from '../shared/lucide/phone-outgoing.js';
import { Pin } from '../shared/lucide/pin.js';
import { WifiOff } from '../shared/lucide/wifi-off.js';
import { X } from '../shared/lucide/x.js';
import { isIn, isWaiting } from '../../core/service/in-calling.js';
import type {
  CallSnapshot,
  LocalMediaSnapshot,
  Member,
  RemoteMediaSnapshot,
} from '../../core/service/snapshots.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import { icon, type IconNode } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { memberText } from '../shared/member-state.js';
import { video } from '../shared/video.js';
import type { Corner } from './self-view.js';

/** A tile of the call: a member, the screen that a member shares, or a member who has not answered. */
export interface Tile {
  readonly key: string;
  readonly kind: 'person' | 'screen' | 'waiting';
  readonly member: Member;
  /** The video; without it, the avatar of the member is shown. */
  readonly stream: MediaStream | undefined;
}

/**
 * Returns the shared screens of other members, then the members who are in the call or are ringing. The last tile is
 * the user's own.
 */
export function tilesOf(
  call: CallSnapshot,
  local: LocalMediaSnapshot | undefined,
  remote: ReadonlyMap<string, RemoteMediaSnapshot> | undefined,
): Tile[] {
  const inCall = call.members.filter((member) => member.self || isIn(member));
  // A one-to-one call keeps two tiles, also before the other member joins and after they leave.
  const waiting =
    call.members.length > 2
      ? call.members.filter((member) => !member.self && isWaiting(member))
      : [];
  const shown = inCall.length + waiting.length > 1 ? inCall : call.members;
  const people = shown.map((member): Tile => {
    const media = member.self ? local : remote?.get(member.userID);
    const stream = member.camera ? (media?.picture ?? media?.stream) : undefined;
    return { key: member.userID, kind: 'person', member, stream };
  });
  const screens = shown.flatMap((member): Tile[] => {
    // The own screen is not shown: a screen that shows itself would repeat itself endlessly.
    const media = member.self ? undefined : remote?.get(member.userID);
    const stream = media?.screen;
    // No picture of a paused screen has reached a member who came later.
    const isShown = stream ?? (media && member.sharedScreen?.paused);
    return isShown ? [{ key: `${member.userID} screen`, kind: 'screen', member, stream }] : [];
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

/**
 * Whether the tiles are two members and at most one ringing member. Then one is large and the others are small on
 * top of it. A shared screen is never covered.
 */
export const isPair = (tiles: readonly Tile[]): boolean => {
  const count = (kind: Tile['kind']): number => tiles.filter((tile) => tile.kind === kind).length;
  return count('person') <= 2 && count('waiting') <= 1 && count('screen') === 0;
};

/** Whether nobody of a pair has a camera on: then the other member is shown in the centre, without a tile of this user. */
export const isVoice = (tiles: readonly Tile[]): boolean =>
  tiles.length === 2 && tiles.every(({ kind, member }) => kind === 'person' && !member.camera);

/** The name shown in a tile. */
const label = ({ member, kind }: Tile, texts: Texts): string =>
  kind === 'screen'
    ? texts.sharesScreen(member.userName)
    : member.self
      ? texts.you
      : member.userName;

/** An icon of a muted microphone. */
export const mutedIcon = (texts: Texts): TemplateResult =>
  html`${icon(MicOff)}<span class="hidden">${texts.microphoneOff}</span>`;

/** The state of a member or a picture. In a tile that is too small for the text, the icon is visible instead. */
export const tileState = (text: string, node: IconNode): TemplateResult =>
  html`<div class="state">${icon(node)}<span>${text}</span></div>`;

/**
 * The text in the tag of a tile. Of a small screen, only the name is visible: in a sentence that is cut, a name in another
 * direction would lose its start.
 */
const tagText = (tile: Tile, place: string, texts: Texts): TemplateResult => {
  const text = label(tile, texts);
  const { userName } = tile.member;
  return tile.kind === 'screen' && place !== 'first'
    ? html`${icon(MonitorUp)}<span class="hidden">${text}</span
        ><bdi title=${text} aria-hidden="true">${userName}</bdi>`
    : html`<bdi title=${text}>${text}</bdi>`;
};

/** What tiles need to render, and the handlers for presses. */
export interface TilesContext {
  readonly texts: Texts;
  readonly avatar: AvatarTemplate;
  /** The enlarged tile, if any. */
  readonly enlarged: Tile | undefined;
  /** Whether the microphone of a member is known to be off. */
  readonly muted: (member: Member) => boolean;
  /** The text for a picture that is not sent to keep the sound clear. */
  readonly paused: (member: Member) => string | undefined;
  /** Whether the user's own picture is mirrored: not that of the back camera of a phone. */
  readonly mirrored: boolean;
  /** Whether this user may cancel the invitation of a member. */
  readonly mayCancel: (member: Member) => boolean;
  /** The user's own small tile: its corner, and the button that moves it. */
  readonly selfView: { readonly corner: Corner; readonly button: TemplateResult };
  readonly onPin: (tile: Tile) => void;
  readonly onCancel: (member: Member) => void;
}

/** The button covers the whole tile, so that a press anywhere on the tile presses it. */
const pinButton = (
  tile: Tile,
  { texts, enlarged: enlarged, onPin }: TilesContext,
): TemplateResult => {
  const text = texts.enlarge(label(tile, texts));
  return html`<button
    class="pin"
    aria-label=${text}
    aria-pressed=${tile.key === enlarged?.key}
    @click=${() => onPin(tile)}
  >
    ${icon(Pin)}
  </button>`;
};

/** The text for a picture that is not sent at present. */
function pausedTextOf({ member, kind }: Tile, { texts, paused }: TilesContext): string | undefined {
  if (kind === 'screen' && member.sharedScreen?.paused) return texts.screenPaused(member.userName);
  return kind === 'screen' || member.camera ? paused(member) : undefined;
}

const personTile = (tile: Tile, place: string, context: TilesContext): TemplateResult => {
  const { texts } = context;
  const { member, stream, kind } = tile;
  const text = label(tile, texts);
  const person = kind === 'person';
  const isOwn = place === 'small' && member.self;
  const lost = person && !member.self && member.state === 'reconnecting';
  const paused = lost ? undefined : pausedTextOf(tile, context);
  return html`<div
    class="tile ${place} ${isOwn ? 'own' : ''} ${person ? '' : 'screen'} ${lost ? 'lost' : ''} ${paused ? 'paused' : ''}"
    part="tile"
    data-user=${person ? member.userID : nothing}
    data-screen=${person ? nothing : member.userID}
  >
    ${
      stream
        ? video(stream, text, member.self && context.mirrored ? 'mirrored' : '')
        : context.avatar(member, place === 'main' ? 'large' : '')
    }
    ${lost ? tileState(texts.reconnecting, WifiOff) : paused ? tileState(paused, Pause) : nothing}
    <div class="tag">
      ${person && context.muted(member) ? mutedIcon(texts) : nothing}${tagText(tile, place, texts)}
    </div>
    ${isOwn ? context.selfView.button : nothing}
    ${place === 'main' || place === 'small' ? nothing : pinButton(tile, context)}
  </div>`;
};

const waitingTile = ({ member }: Tile, place: string, context: TilesContext): TemplateResult => {
  const { texts, mayCancel, onCancel } = context;
  const { userName, state } = member;
  const text = texts.cancelInvitation(userName);
  return html`<div class="tile waiting ${place}" part="waiting-tile">
    ${context.avatar(member)}
    ${tileState(memberText(state, texts), state === 'unreachable' ? PhoneMissed : PhoneOutgoing)}
    <div class="tag"><bdi title=${userName}>${userName}</bdi></div>
    ${
      mayCancel(member)
        ? html`<button class="round take-back" aria-label=${text} @click=${() => onCancel(member)}>
            ${icon(X)}
          </button>`
        : nothing
    }
  </div>`;
};

/**
 * The tiles of a call. CSS alone places the tiles of a pair; `TileLayout` measures the space for more. The tiles
 * keep their order in the document, because moving a video element would stop it.
 */
export function tilesTemplate(tiles: readonly Tile[], context: TilesContext): TemplateResult {
  const pair = isPair(tiles);
  const { enlarged: enlarged } = context;
  const { block, inline } = context.selfView.corner;
  const look = pair ? `pair at-${block} at-${inline}` : enlarged ? 'grid focus' : 'grid';
  return html`<div class="tiles ${look}">
    ${repeat(
      tiles,
      ({ key }) => key,
      (tile, index) => {
        const inPair = index === 0 ? 'main' : 'small';
        const place = pair ? inPair : tile.key === enlarged?.key ? 'first' : '';
        return tile.kind === 'waiting'
          ? waitingTile(tile, place, context)
          : personTile(tile, place, context);
      },
    )}
  </div>`;
}
