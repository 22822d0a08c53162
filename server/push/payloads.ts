import { createHash } from 'node:crypto';
import type {
  AnsweredPush,
  IncomingPush,
  MissedPush,
  PushPayload,
  PushRegistration,
} from '../../src/core/protocol/push.js';
import type { NotificationTexts } from '../../src/core/protocol/vocabulary.js';
import type { Invitation } from '../inbox/inbox.js';
import { MAX_PAYLOAD_BYTES } from '../limits/limits.js';

/** The part of an invitation that pushes contain. Kept while they are queued, without the rest of the invitation. */
export interface PushedInvitation extends Pick<Invitation, 'userID' | 'callID' | 'round'> {
  readonly message: Pick<Invitation['message'], 'from'>;
  readonly invite: Pick<Invitation['invite'], 'callType' | 'group'> & {
    readonly resourceID?: string | undefined;
    readonly notification?: NotificationTexts;
  };
}

export function pushedOf(invitation: Invitation): PushedInvitation {
  const { userID, callID, round, message, invite } = invitation;
  const { callType, group, resourceID, notification } = invite;
  return {
    userID,
    callID,
    round,
    message: { from: message.from },
    invite: { callType, group, resourceID, ...(notification && { notification }) },
  };
}

/** The data of the registration that each payload repeats. */
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
  ...(invitation.invite.notification && { notification: invitation.invite.notification }),
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

/**
 * Serialises a payload. The caller's texts are left out if they make it too long: the call must be announced.
 * @throws Error if the payload is too long without them
 */
export function serialisePayload(payload: PushPayload): string {
  const text = JSON.stringify(payload);
  if (Buffer.byteLength(text) <= MAX_PAYLOAD_BYTES) return text;
  if (payload.kind !== 'incoming' || !payload.notification)
    throw new Error('the payload is too long');
  const { notification: _, ...rest } = payload;
  return serialisePayload(rest);
}

/** The topic of pushes for an invitation (RFC 8030): a later push replaces an earlier, undelivered one. */
export const topicOf = ({ callID, round }: PushedInvitation): string =>
  createHash('sha256').update(`${round} ${callID}`).digest('base64url').slice(0, 32);
