import type { Notifier } from '../ports/notifier.js';

/** A notifier that shows no notifications, for environments without them. */
export const silentNotifier: Notifier = {
  permission: 'denied',
  request: () => Promise.resolve(false),
  show: () => Promise.resolve(false),
  close: () => Promise.resolve(),
  closeAll: () => Promise.resolve(),
  badge: () => {},
  isSeen: () => Promise.resolve(true),
  open: () => {},
  stop: () => {},
};
