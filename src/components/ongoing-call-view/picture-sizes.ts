import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PictureSizes } from '../../core/ports/media-settings.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { othersOf } from '../shared/call-view.js';
import { CoveredTiles } from './covered-tiles.js';
import { createIntersectionObserver, createResizeObserver } from '../shared/dom-features.js';

/** Changes within this time are told together, in ms: windows are resized continuously. */
const DELAY_MS = 250;
/** Lines are rounded up to a multiple of this. */
const ROUNDING = 20;
/** Lines of the pictures in the small window. */
const SMALL_WINDOW_LINES = 360;
const NOT_SHOWN: PictureSizes = { camera: 0, screen: 0 };

/** Which pictures the view shows: in tiles, one in a card, in a small window of its own, or none. */
export type PicturePlace = 'tiles' | 'card' | 'small-window' | 'none';

/**
 * Tells the other members at which size the view shows their pictures. A tile that is scrolled out of view, hidden or
 * covered, and all tiles of a hidden page or a minimised view, show no picture; a card shows one.
 */
export class PictureSizesController implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #resizes = createResizeObserver(() => this.#plan());
  readonly #intersections = createIntersectionObserver((entries) => this.#onIntersections(entries));
  readonly #outOfView = new Set<Element>();
  readonly #covered = new CoveredTiles(() => this.#plan());
  #observed = new Set<Element>();
  #service: CallInvitationService | undefined;
  #call: CallSnapshot | undefined;
  #place: PicturePlace = 'none';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** Must be called in each update. @param service of the call that is shown; undefined without one */
  watch(
    service: CallInvitationService | undefined,
    call: CallSnapshot | undefined,
    place: PicturePlace,
  ): void {
    if (this.#service && service !== this.#service) this.#forget();
    this.#service = service;
    this.#call = call;
    this.#place = place;
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#plan);
  }

  hostUpdated(): void {
    const tiles = new Set(this.#host.renderRoot.querySelectorAll('.tile'));
    for (const tile of this.#observed) {
      if (tiles.has(tile)) continue;
      this.#resizes.unobserve(tile);
      this.#intersections.unobserve(tile);
      this.#outOfView.delete(tile);
    }
    for (const tile of tiles) {
      if (this.#observed.has(tile)) continue;
      this.#resizes.observe(tile);
      this.#intersections.observe(tile);
    }
    this.#observed = tiles;
    this.#covered.watch(this.#service && ['tiles', 'card'].includes(this.#place) ? tiles : []);
    if (this.#service) this.#plan();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#plan);
    this.#resizes.disconnect();
    this.#intersections.disconnect();
    this.#covered.watch([]);
    this.#observed.clear();
    this.#outOfView.clear();
    this.#forget();
  }

  /** Without a view, it is unknown what the page shows. */
  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#told) this.#service?.setPictureSizes(new Map());
    this.#told = '';
    this.#service = undefined;
  }

  readonly #plan = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, DELAY_MS);
  };

  #onIntersections(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#outOfView.delete(target);
      else this.#outOfView.add(target);
    }
    this.#plan();
  }

  #tell(): void {
    const call = this.#call;
    if (!this.#service || !call) return;
    const sizes = new Map(othersOf(call).map(({ userID }) => [userID, this.#sizesOf(userID)]));
    const told = JSON.stringify([call.callID, ...sizes]);
    if (told === this.#told) return;
    this.#told = told;
    this.#service.setPictureSizes(sizes);
  }

  #sizesOf(userID: string): PictureSizes {
    if (this.#place === 'small-window') return { camera: SMALL_WINDOW_LINES };
    if (this.#place === 'none' || document.visibilityState === 'hidden') return NOT_SHOWN;
    // A screen gets its tile only when it arrives: until then its size is unknown. A card has no other tiles.
    const missing = this.#place === 'card' ? 0 : undefined;
    const linesOf = (kind: 'user' | 'screen'): number | undefined =>
      this.#linesOf(kind, userID) ?? missing;
    return { camera: linesOf('user'), screen: linesOf('screen') };
  }

  /** @returns the lines that the tile shows; undefined if there is no tile */
  #linesOf(kind: 'user' | 'screen', userID: string): number | undefined {
    const tiles = [...this.#host.renderRoot.querySelectorAll<HTMLElement>(`.tile[data-${kind}]`)];
    const tile = tiles.find(({ dataset }) => dataset[kind] === userID);
    if (!tile) return undefined;
    const isHidden = this.#outOfView.has(tile) || this.#covered.has(tile);
    if (isHidden || !tile.checkVisibility({ visibilityProperty: true })) return 0;
    const { videoWidth = 0, videoHeight = 0 } = tile.querySelector('video') ?? {};
    const { clientWidth: width, clientHeight: height } = tile;
    const pixels = linesShown(width, height, videoWidth / videoHeight || 16 / 9, kind === 'screen');
    return Math.ceil((pixels * devicePixelRatio) / ROUNDING) * ROUNDING;
  }
}

/**
 * The shorter side of a picture in a tile, in CSS pixels.
 * @param isContained whether the whole picture is visible; otherwise it covers the tile
 */
export function linesShown(
  width: number,
  height: number,
  aspectRatio: number,
  isContained: boolean,
): number {
  const byWidth = width / aspectRatio;
  const shown = isContained ? Math.min(height, byWidth) : Math.max(height, byWidth);
  return Math.min(shown, shown * aspectRatio);
}
