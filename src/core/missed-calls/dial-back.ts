import type { MissedCallRecord, MissedCallsHost } from '../ports/missed-calls.js';

/** How long the invitation that calls back rings, in seconds. */
const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Calls back: one-to-one by a new invitation of the same type and custom data, a group by joining the call while it
 * runs.
 * @returns when the call is placed; for a group, when its members have let this user in: false when the user has hung
 * up before
 * @throws what `send` or `join` throw
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
