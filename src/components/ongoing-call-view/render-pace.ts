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

/** Tells when the next render may start. */
export class RenderPace {
  #lastAt = -Infinity;

  /** To be called for each render. @returns what to wait for; undefined: nothing */
  next(isPaced: boolean): Promise<void> | undefined {
    const now = performance.now();
    const at = isPaced ? Math.max(now, this.#lastAt + INTERVAL_MS) : now;
    this.#lastAt = at;
    return at > now ? new Promise((resolve) => setTimeout(resolve, at - now)) : undefined;
  }
}
