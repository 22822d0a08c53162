import type { Limits } from '../../server/index.js';

const anything = { points: 1_000_000_000, seconds: 1 };

/** Limits for tests that send more, and faster, than a real client. */
export const UNLIMITED: Limits = {
  connectionsPerAddress: 1_000_000,
  attemptsPerAddress: anything,
  returningPerAddress: anything,
  attemptsPerUser: anything,
  devicesPerUser: 1_000_000,
  messageBurst: anything,
  messages: anything,
  bytesPerUser: anything,
  invitationsPerCaller: anything,
  invitationsPerPair: anything,
  callsFound: anything,
  trafficPerPair: anything,
  contactQuestions: anything,
  inboxBytes: 1_000_000_000,
  senderBytes: 1_000_000_000,
  storeBytes: 1_000_000_000,
  historyBytes: 1_000_000_000,
  historyStoreBytes: 1_000_000_000,
};
