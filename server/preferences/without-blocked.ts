import { isBlocked } from '../../src/core/protocol/preferences.js';
import type { Inbox } from '../inbox/inbox.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { Preferences } from './preferences.js';

/** Wraps an inbox so that it keeps no missed calls of people whom their callee has blocked. */
export const withoutBlocked = (inbox: Inbox, preferences: Pick<Preferences, 'of'>): Inbox => ({
  put: (invitation) => inbox.put(invitation),
  answer: (userID, callID, round) => inbox.answer(userID, callID, round),
  select: (userID, callID, round) => inbox.select(userID, callID, round),
  async end(userID, callID, missed) {
    const invitation = await inbox.end(userID, callID, missed);
    const caller = invitation?.message.from.userID;
    try {
      if (caller !== undefined && isBlocked(await preferences.of(userID), caller))
        await inbox.drop(userID, callID);
    } catch (error) {
      // The invitation has ended, and what follows that must happen. The devices of the callee do not show it either.
      if (!(error instanceof UnavailableError)) throw error;
    }
    return invitation;
  },
  drop: (userID, callID) => inbox.drop(userID, callID),
  openFor: (userID) => inbox.openFor(userID),
  openIn: (callID) => inbox.openIn(callID),
  dueBy: (time) => inbox.dueBy(time),
  tell: (userID, settledBefore) => inbox.tell(userID, settledBefore),
  settled: (userID) => inbox.settled(userID),
  known: (userID, callIDs) => inbox.known(userID, callIDs),
  seen: (userID, callIDs, dismissed) => inbox.seen(userID, callIDs, dismissed),
  handled: (userID) => inbox.handled(userID),
});
