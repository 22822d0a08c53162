import { lazyPart } from '../../core/loading/lazy-part.js';
import type { Line } from '../../core/ports/line.js';

/** What a page needs to ring and be rung comes first, in ms. */
const LATER_MS = 1_000;

const browserLine = lazyPart(
  'the busy state that tabs share',
  () => import('../../core/line/browser-line.js'),
  'createBrowserLine',
);

/**
 * The line that the pages of this browser share, for one user on one network. Its code is loaded a moment after it is
 * opened, or when this page is in a call; until it is there, this page is busy by its own calls alone.
 * @param failed hears once that it could not be loaded
 */
export function lazyLine(name: string, failed: (error: unknown) => void): Line {
  let inner: Line | undefined;
  let tell: (callID: string | undefined) => void;
  let held: string | undefined;
  let state: 'loading' | 'closed' | undefined;
  const load = (): void => {
    if (state) return;
    state = 'loading';
    void browserLine
      .loadWhile(() => state === 'loading', failed)
      .then((createBrowserLine) => {
        inner = createBrowserLine?.(name);
        inner?.open(tell);
        inner?.hold(held);
      });
  };
  return {
    open(onChange) {
      tell = onChange;
      setTimeout(load, LATER_MS);
    },
    hold(callID) {
      held = callID;
      if (callID) load();
      inner?.hold(callID);
    },
    close() {
      state = 'closed';
      inner?.close();
    },
  };
}
