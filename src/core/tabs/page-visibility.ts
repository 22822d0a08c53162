import { heldLocks, TabLock, webLocks } from './tab-lock.js';

/** Whether a page is visible to the user. */
export interface PageVisibility {
  isAnyPageVisible(): Promise<boolean>;
  /** @param onChange called when this page is shown or hidden */
  open(onChange: () => void): void;
  close(): void;
}

/**
 * Reports whether any page of this account is visible in this browser (Page Visibility): each visible page holds a shared
 * Web Lock. Without Web Locks (plain http) a page knows only of itself.
 */
export function createPageVisibility(account: string): PageVisibility {
  const name = `ringkit seen ${account}`;
  const locks = webLocks();
  let lock: TabLock | undefined;
  let released: Promise<void> | undefined;
  let notify: (() => void) | undefined;

  const isVisible = (): boolean => document.visibilityState === 'visible';
  const release = (): void => {
    lock?.release();
    released = lock?.released ?? released;
    lock = undefined;
  };
  const change = (): void => {
    if (!isVisible()) release();
    else if (locks) lock ??= new TabLock(locks, name, 'shared');
    notify?.();
  };

  return {
    async isAnyPageVisible() {
      if (isVisible()) return true;
      // Until then this page's own lock may still be among those that are held.
      await released;
      return !!locks && (await heldLocks(locks)).some((held) => held.name === name);
    },
    open(onChange) {
      notify = onChange;
      document.addEventListener('visibilitychange', change);
      change();
    },
    close() {
      notify = undefined;
      document.removeEventListener('visibilitychange', change);
      release();
    },
  };
}
