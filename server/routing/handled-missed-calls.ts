import type { Sender } from '../../src/core/protocol/messages.js';
import type { Inbox } from '../inbox/inbox.js';
import { ofServer, type Stamp, type Stamped } from '../messages/stamp.js';

/**
 * @returns `seen` messages for a device that has connected, as if another device of its user had sent them now: which
 * missed calls the user has seen or dismissed
 */
export async function handledMissedCalls(
  user: Sender,
  inbox: Pick<Inbox, 'handled'>,
  stamp: Stamp,
): Promise<Stamped[]> {
  const { seen, dismissed } = await inbox.handled(user.userID);
  const seenMessage = (callIDs: readonly string[], isDismissed: boolean) => {
    const [callID] = callIDs;
    if (callID === undefined) return [];
    const message = {
      type: 'seen' as const,
      callID,
      to: [user.userID],
      records: [],
      callIDs: [...callIDs],
      dismissed: isDismissed,
    };
    return [ofServer(message, user, stamp())];
  };
  return [...seenMessage(seen, false), ...seenMessage(dismissed, true)];
}
