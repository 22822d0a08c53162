import type { Inbox } from '../server/index.js';

/** An inbox that takes in everything and has nothing: what is left of a message's way is measured with it. */
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
