import type { Notice, NoticeClick, Notifier } from '../../src/core/ports/notifier.js';

/** A notifier that shows nothing and notes everything. */
export interface FakeNotifier extends Notifier {
  permission: Notifier['permission'];
  /** The notifications that would be seen now, by callID. */
  readonly shown: Map<string, Notice>;
  /** Every notification that was shown, in order. */
  readonly notices: Notice[];
  readonly badges: number[];
  /** The user looks at the page. */
  seen: boolean;
  click(click: NoticeClick): void;
  /** The page was hidden, or shown. */
  look(): void;
}

export function createFakeNotifier(): FakeNotifier {
  const shown = new Map<string, Notice>();
  const notices: Notice[] = [];
  const badges: number[] = [];
  let tell: (click: NoticeClick) => void = () => {};
  let onLook: () => void = () => {};
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
    open(onClick, look) {
      tell = onClick;
      onLook = look;
    },
    stop() {
      tell = onLook = () => {};
    },
    click: (click) => tell(click),
    look: () => onLook(),
  };
}
