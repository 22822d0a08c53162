import type { Tile } from './tiles.js';

/** Which tile is large among the others: the one that was pressed, else a screen that somebody shares. */
export class PinnedTile {
  #pinned: string | undefined;
  /** A screen that was pressed to be small. */
  #small: string | undefined;

  /** @returns the large one of these; what is not there any more is forgotten */
  of(tiles: readonly Tile[]): Tile | undefined {
    const has = (key: string | undefined): boolean => tiles.some((tile) => tile.key === key);
    if (!has(this.#pinned)) this.#pinned = undefined;
    if (!has(this.#small)) this.#small = undefined;
    return (
      tiles.find(({ key }) => key === this.#pinned) ??
      tiles.find(({ key, kind }) => kind === 'screen' && key !== this.#small)
    );
  }

  /** A press makes a tile large, and one on the large tile makes it small again. */
  press(tile: Tile, tiles: readonly Tile[]): void {
    const pressed = this.of(tiles)?.key === tile.key;
    this.#pinned = pressed ? undefined : tile.key;
    if (tile.kind === 'screen') this.#small = pressed ? tile.key : undefined;
  }
}
