import type { Inbox } from '../server/index.js';

/** An inbox that accepts everything and stores nothing, to measure the rest of the routing. */
export const inboxWithoutWrites: Inbox = {
  put: async () => 'kept',
  answer: async () => false,
  select: async () => false,
  end: async () => undefined,
  drop: async () => {},
  openFor: async () => [],
  openIn: async () => [],
  dueBy: async () => [],
  tell: async () => [],
  settled: async () => [],
  known: async () => {},
  seen: async () => {},
  handled: async () => ({ seen: [], dismissed: [] }),
};
