import { createHash } from 'node:crypto';
import type {
  AnsweredPush,
  IncomingPush,
  MissedPush,
  PushRegistration,
} from '../../src/core/protocol/push.js';
import type { Invitation } from '../inbox.js';

/** The registration's own words, which each payload repeats. */
function pageOf({ account, page, server, lang, missed, dialBack }: PushRegistration) {
  return { account, page, server, lang, missed, dialBack };
}

function callOf({ callID, round, invite, message }: Invitation) {
  const { userID, userName } = message.from;
  const { callType, group, resourceID } = invite;
  return {
    callID,
    round,
    caller: { userID, userName },
    callType,
    group,
    ...(resourceID !== undefined && { resourceID }),
  };
}

export const incomingPayload = (
  registration: PushRegistration,
  invitation: Invitation,
  ticket: string,
  remainingMs: number,
): IncomingPush => ({
  ...pageOf(registration),
  ...callOf(invitation),
  kind: 'incoming',
  remainingMs,
  ticket,
});

export const missedPayload = (
  registration: PushRegistration,
  invitation: Invitation,
  at: number,
): MissedPush => ({ ...pageOf(registration), ...callOf(invitation), kind: 'missed', at });

export const answeredPayload = (
  registration: PushRegistration,
  { callID }: Invitation,
): AnsweredPush => ({ ...pageOf(registration), callID, kind: 'answered' });

/** One for each invitation: what is said of it later takes the place of what was said before. */
export const topicOf = ({ callID, round }: Invitation): string =>
  createHash('sha256').update(`${round} ${callID}`).digest('base64url').slice(0, 32);
