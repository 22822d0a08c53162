import { createHash } from 'node:crypto';
import type {
  AnsweredPush,
  IncomingPush,
  MissedPush,
  PushRegistration,
} from '../../src/core/protocol/push.js';
import type { Invitation } from '../inbox/inbox.js';

/** What pushes say of an invitation: they wait, and are remembered, without the rest of it. */
export interface PushedInvitation extends Pick<Invitation, 'userID' | 'callID' | 'round'> {
  readonly message: Pick<Invitation['message'], 'from'>;
  readonly invite: Pick<Invitation['invite'], 'callType' | 'group'> & {
    readonly resourceID?: string | undefined;
  };
}

export function pushedOf(invitation: Invitation): PushedInvitation {
  const { userID, callID, round, message, invite } = invitation;
  const { callType, group, resourceID } = invite;
  return {
    userID,
    callID,
    round,
    message: { from: message.from },
    invite: { callType, group, resourceID },
  };
}

/** The registration's own words, which each payload repeats. */
function pageOf({ account, page, server, lang, missed, dialBack }: PushRegistration) {
  return { account, page, server, lang, missed, dialBack };
}

function callOf({ callID, round, invite, message }: PushedInvitation) {
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
  invitation: PushedInvitation,
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
  invitation: PushedInvitation,
  at: number,
): MissedPush => ({ ...pageOf(registration), ...callOf(invitation), kind: 'missed', at });

export const answeredPayload = (
  registration: PushRegistration,
  { callID }: PushedInvitation,
): AnsweredPush => ({ ...pageOf(registration), callID, kind: 'answered' });

/** One for each invitation: what is said of it later takes the place of what was said before. */
export const topicOf = ({ callID, round }: PushedInvitation): string =>
  createHash('sha256').update(`${round} ${callID}`).digest('base64url').slice(0, 32);
