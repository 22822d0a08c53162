import type { Inbox } from '../inbox/inbox.js';
import type { PushDispatcher } from './push-dispatcher.js';

/**
 * Wraps an inbox so that its changes cause pushes, after they are stored. The rest of the signalling does not depend on
 * push.
 */
export function pushingInbox(
  inbox: Inbox,
  pushes: Pick<PushDispatcher, 'incoming' | 'missed' | 'answered' | 'dropped'>,
): Inbox {
  return {
    async put(invitation) {
      const put = await inbox.put(invitation);
      if (put === 'kept') pushes.incoming(invitation);
      return put;
    },
    async answer(userID, callID, round) {
      const decided = await inbox.answer(userID, callID, round);
      pushes.answered(userID, callID, round);
      return decided;
    },
    async select(userID, callID, round) {
      const decided = await inbox.select(userID, callID, round);
      pushes.answered(userID, callID, round);
      return decided;
    },
    async end(userID, callID, missed) {
      const invitation = await inbox.end(userID, callID, missed);
      if (invitation) pushes.missed(invitation, missed.at);
      return invitation;
    },
    async drop(userID, callID) {
      await inbox.drop(userID, callID);
      pushes.dropped(userID, callID);
    },
    openFor: (userID) => inbox.openFor(userID),
    openIn: (callID) => inbox.openIn(callID),
    dueBy: (time) => inbox.dueBy(time),
    tell: (userID, settledBefore) => inbox.tell(userID, settledBefore),
    settled: (userID) => inbox.settled(userID),
    known: (userID, callIDs) => inbox.known(userID, callIDs),
    seen: (userID, callIDs, dismissed) => inbox.seen(userID, callIDs, dismissed),
    handled: (userID) => inbox.handled(userID),
  };
}
