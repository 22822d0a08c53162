/** Whether the user looks at a page. */
export interface PageVisibility {
  isAnyPageVisible(): Promise<boolean>;
  /** @param onChange called when this page is shown or hidden */
  open(onChange: () => void): void;
  close(): void;
}

/**
 * Watches whether any page of this account is visible: each that is holds a shared Web Lock. Without Web Locks (plain
 * http) each page knows of itself alone.
 */
export function createPageVisibility(account: string): PageVisibility {
  const name = `ringkit seen ${account}`;
  const locks = (navigator as Partial<Navigator>).locks;
  let release: (() => void) | undefined;
  let held: Promise<unknown> | undefined;
  let notify: (() => void) | undefined;

  const isVisible = (): boolean => document.visibilityState === 'visible';
  const releaseLock = (): void => {
    release?.();
    release = undefined;
  };
  const change = (): void => {
    if (!isVisible()) releaseLock();
    else if (!release && locks) {
      const wait = new Promise<void>((resolve) => (release = resolve));
      held = locks.request(name, { mode: 'shared' }, () => wait).catch(() => undefined);
    }
    notify?.();
  };

  return {
    async isAnyPageVisible() {
      if (isVisible()) return true;
      // This page's own lock is gone by then.
      await held;
      const { held: all } = (await locks?.query().catch(() => undefined)) ?? {};
      return all?.some((lock) => lock.name === name) ?? false;
    },
    open(onChange) {
      notify = onChange;
      document.addEventListener('visibilitychange', change);
      change();
    },
    close() {
      notify = undefined;
      document.removeEventListener('visibilitychange', change);
      releaseLock();
    },
  };
}
