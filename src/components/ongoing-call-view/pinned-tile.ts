import type { Tile } from './tiles.js';

/** Decides which tile is enlarged: the one that the user pressed, else the screen that was shared last. */
export class PinnedTile {
  #pinned: string | undefined;
  /** Shared screens, in the order in which they appeared. */
  #screens: readonly string[] = [];
  /** Screens that are not enlarged by themselves, because the user made a screen small. */
  #small = new Set<string>();

  /** @returns the enlarged tile, if any; pins of removed tiles are dropped */
  of(tiles: readonly Tile[]): Tile | undefined {
    const keys = tiles.filter(({ kind }) => kind === 'screen').map(({ key }) => key);
    this.#screens = [...new Set([...this.#screens.filter((key) => keys.includes(key)), ...keys])];
    this.#small = new Set(this.#screens.filter((key) => this.#small.has(key)));
    const find = (key: string | undefined): Tile | undefined =>
      tiles.find((tile) => tile.key === key);
    const pinned = find(this.#pinned);
    this.#pinned = pinned?.key;
    return pinned ?? find(this.#screens.findLast((key) => !this.#small.has(key)));
  }

  /** Enlarges the pressed tile, or makes it small if it is enlarged. */
  press(tile: Tile, tiles: readonly Tile[]): void {
    const isEnlarged = this.of(tiles)?.key === tile.key;
    this.#pinned = isEnlarged ? undefined : tile.key;
    if (tile.kind === 'screen') this.#small = new Set(isEnlarged ? this.#screens : []);
  }
}
