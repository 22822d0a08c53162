import type { Line } from '../../core/ports/line.js';

/**
 * The line that the pages of this browser share, for one user on one network. Its code is loaded when it is opened;
 * without it this page is busy by its own calls alone.
 */
export function lazyLine(name: string): Line {
  let inner: Line | undefined;
  let held: string | undefined;
  let closed = false;
  return {
    open(onChange) {
      import('../../core/line/browser-line.js').then(
        ({ createBrowserLine }) => {
          if (closed) return;
          inner = createBrowserLine(name);
          inner?.open(onChange);
          inner?.hold(held);
        },
        () => undefined,
      );
    },
    hold(callID) {
      held = callID;
      inner?.hold(callID);
    },
    close() {
      closed = true;
      inner?.close();
    },
  };
}
