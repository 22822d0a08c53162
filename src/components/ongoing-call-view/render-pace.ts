import { isIn } from '../../core/service/in-calling.js';
import type { CallSnapshot, RemoteMediaSnapshot } from '../../core/service/types.js';
import { othersOf } from '../shared/call-view.js';

/** Least time between two renders while the links of a group come up, in ms. */
const INTERVAL_MS = 200;

/**
 * Whether links of a group come up: each of them changes the call four to five times within a second, while the
 * processor is needed for the links themselves.
 */
export function areLinksOpening(
  call: CallSnapshot | undefined,
  remote: ReadonlyMap<string, RemoteMediaSnapshot> | undefined,
): boolean {
  if (!call || call.status === 'ended' || call.members.length <= 2) return false;
  return othersOf(call).some((member) => {
    const stream = remote?.get(member.userID)?.stream;
    const hasAll = stream && (!member.camera || stream.getVideoTracks().length > 0);
    return isIn(member) && !hasAll;
  });
}

type Shown = readonly [
  CallSnapshot | undefined,
  ReadonlyMap<string, RemoteMediaSnapshot> | undefined,
];

/** Delays renders while the links of a group come up. */
export class RenderPace {
  readonly #shown: () => Shown;
  #lastAt = -Infinity;

  /** @param shown returns the call and its media */
  constructor(shown: () => Shown) {
    this.#shown = shown;
  }

  get isSlow(): boolean {
    return areLinksOpening(...this.#shown());
  }

  /** Runs a render: at once, or when enough time has passed since the previous one. */
  run(render: () => void | Promise<unknown>): void | Promise<unknown> {
    const now = performance.now();
    const at = this.isSlow ? Math.max(now, this.#lastAt + INTERVAL_MS) : now;
    this.#lastAt = at;
    if (at <= now) return render();
    return new Promise<void>((resolve) => setTimeout(resolve, at - now)).then(render);
  }
}
