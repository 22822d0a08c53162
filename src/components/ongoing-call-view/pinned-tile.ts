import type { Tile } from './tiles.js';

/** Decides which tile is enlarged: the one that the user pressed, else a shared screen. */
export class PinnedTile {
  #pinned: string | undefined;
  /** ID of a screen that the user pressed to make it small. */
  #unpinnedScreen: string | undefined;

  /** @returns the enlarged tile, if any; pins of removed tiles are dropped */
  of(tiles: readonly Tile[]): Tile | undefined {
    const has = (key: string | undefined): boolean => tiles.some((tile) => tile.key === key);
    if (!has(this.#pinned)) this.#pinned = undefined;
    if (!has(this.#unpinnedScreen)) this.#unpinnedScreen = undefined;
    return (
      tiles.find(({ key }) => key === this.#pinned) ??
      tiles.find(({ key, kind }) => kind === 'screen' && key !== this.#unpinnedScreen)
    );
  }

  /** Enlarges the pressed tile, or makes it small if it is enlarged. */
  press(tile: Tile, tiles: readonly Tile[]): void {
    const pressed = this.of(tiles)?.key === tile.key;
    this.#pinned = pressed ? undefined : tile.key;
    if (tile.kind === 'screen') this.#unpinnedScreen = pressed ? tile.key : undefined;
  }
}
