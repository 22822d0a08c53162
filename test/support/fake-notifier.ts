import type { Notice, NoticeClick, Notifier } from '../../src/core/ports/notifier.js';

/** A notifier that shows nothing and records everything. */
export interface FakeNotifier extends Notifier {
  permission: Notifier['permission'];
  /** The notifications that are shown now, by call ID. */
  readonly shown: Map<string, Notice>;
  /** Every notification that was shown, in order. */
  readonly notices: Notice[];
  readonly badges: number[];
  /** Whether the page is visible. */
  seen: boolean;
  click(click: NoticeClick): void;
  /** Notifies of a change of visibility. */
  changeVisibility(): void;
}

export function createFakeNotifier(): FakeNotifier {
  const shown = new Map<string, Notice>();
  const notices: Notice[] = [];
  const badges: number[] = [];
  let notifyClick: (click: NoticeClick) => void = () => {};
  let onVisibilityChange: () => void = () => {};
  return {
    ...{ permission: 'granted', seen: true, shown, notices, badges },
    async request() {
      return this.permission === 'granted';
    },
    async show(notice) {
      if (this.permission !== 'granted') return false;
      notices.push(notice);
      shown.set(notice.callID, notice);
      return true;
    },
    async close(callID, kind) {
      if (kind === undefined || shown.get(callID)?.kind === kind) shown.delete(callID);
    },
    async closeAll() {
      shown.clear();
    },
    badge: (count) => void badges.push(count),
    async isSeen() {
      return this.seen;
    },
    open(onClick, changeVisibility) {
      notifyClick = onClick;
      onVisibilityChange = changeVisibility;
    },
    stop() {
      notifyClick = onVisibilityChange = () => {};
    },
    click: (click) => notifyClick(click),
    changeVisibility: () => onVisibilityChange(),
  };
}
