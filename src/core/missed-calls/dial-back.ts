import type { MissedCallRecord, MissedCallsHost } from '../ports/missed-calls.js';

/** Default time-out of an invitation that calls back, in seconds. */
const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Calls back: one-to-one with a new invitation of the same type and custom data, a group by joining the call if it is
 * still ongoing. Resolves when the call is placed; for a group, when a member has admitted this device.
 * @returns false if the user has hung up before this device was admitted to the group call
 * @throws the errors of `send` and `join`
 */
export async function dialBack(host: MissedCallsHost, missed: MissedCallRecord): Promise<boolean> {
  const { service } = host;
  const { caller, callType, customData, callID, group } = missed;
  if (group) return service.join(callID);
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, resourceID } = host.config().missedCall ?? {};
  await service.send({
    ...{ invitees: [caller], callType, customData, timeoutSeconds },
    ...(resourceID !== undefined && { resourceID }),
  });
  return true;
}
