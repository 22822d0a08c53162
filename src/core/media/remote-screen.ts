import type { SharedScreen } from '../ports/screen.js';

/** The screen that the other side of a link shares, as far as this side has heard of it. */
export class RemoteScreen {
  #description: SharedScreen | undefined;
  #isShared = false;
  #hasPicture = false;

  /** Undefined if none is shared, or the other side does not describe it. */
  get description(): SharedScreen | undefined {
    return this.#isShared ? this.#description : undefined;
  }

  /**
   * Whether pictures of it can have arrived. There are none of a screen that is paused before this side has seen it,
   * although packets may have arrived: browsers measure the bandwidth with empty ones, which also unmute the track.
   */
  get hasPicture(): boolean {
    return this.#hasPicture;
  }

  /** The other side has described it, or describes a change. */
  describe(description: SharedScreen): void {
    // Until now it was not described: no picture of it has been sent.
    if (description.paused && !this.#description) this.#hasPicture = false;
    // The same object as long as it is equal.
    if (!isSame(description, this.#description)) this.#description = description;
  }

  /**
   * @param isShared whether the other side reports that it shares one
   * @param hasArrived whether packets of it have arrived
   */
  update(isShared: boolean, hasArrived: boolean): void {
    this.#isShared = isShared;
    if (!isShared) this.#hasPicture = false;
    else if (hasArrived && !this.#description?.paused) this.#hasPicture = true;
  }
}

function isSame(a: SharedScreen, b: SharedScreen | undefined): boolean {
  return !!b && a.surface === b.surface && a.sound === b.sound && a.paused === b.paused;
}
