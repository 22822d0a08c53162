import type { Invitation } from './inbox.js';

/** Most characters of JSON that the fields of each part take, without the texts in them. */
const MESSAGE_CHARACTERS = 560;
const RECORD_CHARACTERS = 140;
const NAME_CHARACTERS = 32;
const REMAINING_CHARACTERS = 32;
const ADDRESSEE_CHARACTERS = 4;
const NOTIFICATION_CHARACTERS = 48;

/**
 * Approximate size of an invitation in bytes of heap: two for each character of its JSON, because V8 may store strings as
 * UTF-16. Estimated from its parts, because serializing it would cost more than the rest of its processing.
 */
export function invitationBytes({ invite, message: { from } }: Invitation): number {
  let characters = MESSAGE_CHARACTERS + invite.id.length + invite.callID.length;
  characters += from.userID.length + from.userName.length + from.deviceID.length;
  characters += invite.initiator.length + invite.customData.length;
  characters += (invite.resourceID?.length ?? 0) + (invite.toDevice?.length ?? 0);
  const { title = '', message = '' } = invite.notification ?? {};
  if (invite.notification) characters += NOTIFICATION_CHARACTERS + title.length + message.length;
  for (const user of invite.to) characters += ADDRESSEE_CHARACTERS + user.length;
  for (const { user, inviter, device, customData } of invite.records) {
    characters += RECORD_CHARACTERS + user.length + inviter.length;
    characters += (device?.length ?? 0) + (customData?.length ?? 0);
  }
  for (const { userID, userName } of invite.names) {
    characters += NAME_CHARACTERS + userID.length + userName.length;
  }
  for (const { user } of invite.remaining) characters += REMAINING_CHARACTERS + user.length;
  return 2 * characters;
}
