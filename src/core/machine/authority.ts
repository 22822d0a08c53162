import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { isIn, recordOf } from './call.js';
import type { Draft } from './draft.js';
import { isRefused, wasIn } from './records.js';
import type { Call } from './types.js';

/*
 * Who may say what. The server stamps the sender; here it is checked whether this sender may say this.
 */

/** Nothing that is heard later will allow it. */
export const NEVER = 'never';

/** The user is, or was, in the call, or placed it: one who may be the judge of somebody's invitation. */
function mayJudge(call: Call, user: string, subject: string): boolean {
  if (user === subject) return false;
  const record = recordOf(call, user);
  return (
    user === call.initiator ||
    user === recordOf(call, subject)?.inviter ||
    (record !== undefined && wasIn(record))
  );
}

/**
 * Of a new call its invitation says who the members are; so it does of one that this user has left, or refused, and of
 * which they know no more since.
 */
const isNew = (call: Call, { type }: Delivered): boolean =>
  !call.members.size || (type === 'invite' && call.phase === 'early');

/** Why the whole message may not be said by its sender; nothing if it may. */
export function forbidden(d: Draft, call: Call, message: Delivered): string | undefined {
  const { userID, deviceID } = message.from;
  const server = deviceID === SERVER_DEVICE;
  if (message.type === 'leave' && message.lost !== undefined && !server) return NEVER;
  if (server || isNew(call, message)) return undefined;
  if (message.type !== 'invite' && userID !== d.me && !call.members.has(userID)) return 'no member';
  switch (message.type) {
    case 'select':
      // What one who comes back knows of the others is old.
      if (call.joining !== undefined && message.user === d.me) return undefined;
      return mayJudge(call, userID, message.user) ? undefined : 'no judge';
    case 'cancel':
      return mayJudge(call, userID, message.user) ? undefined : 'no judge';
    case 'end':
      return userID === call.initiator && call.endWithInitiator ? undefined : NEVER;
    case 'roster':
    case 'invite':
      return call.members.has(userID) && wasIn(recordOf(call, userID) as MemberRecord)
        ? undefined
        : 'not in';
    default:
      return undefined;
  }
}

/** The records of a message that its sender may vouch for. */
export function admissible(d: Draft, call: Call, message: Delivered): MemberRecord[] {
  const { userID, deviceID } = message.from;
  if (deviceID === SERVER_DEVICE || isNew(call, message)) return message.records;
  const sender = recordOf(call, userID);
  return message.records.filter((record) => {
    const known = recordOf(call, record.user);
    // Only one who is in brings in others.
    if (!known) return sender !== undefined && wasIn(sender);
    if (record.user === userID) {
      // A selection that this device holds for refused is not taken from the selected one alone.
      return !(
        record.state === 'in' &&
        userID !== d.me &&
        isRefused(known) &&
        known.round === record.round
      );
    }
    // What a judge decided about this user counts from one who may have judged.
    if (record.user === d.me && (isRefused(record) || record.state === 'in'))
      return (
        record.state === 'declined' ||
        call.joining !== undefined ||
        mayJudge(call, userID, d.me) ||
        isIn(call, userID)
      );
    return true;
  });
}
