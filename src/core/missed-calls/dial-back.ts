import type { MissedCallRecord, MissedCallsHost } from '../ports/missed-calls.js';

/** How long the invitation that calls back rings, in seconds. */
const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Calls back: one-to-one by a new invitation of the same type and custom data, a group by joining the call while it
 * runs.
 * @returns when the call is placed; for a group, when its members have let this user in or refused
 * @throws what `send` or `join` throw
 */
export async function dialBack(host: MissedCallsHost, missed: MissedCallRecord): Promise<void> {
  const { service } = host;
  const { caller, callType, customData, callID, group } = missed;
  if (group) {
    await service.join(callID);
    return joined(host, callID);
  }
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, resourceID } = host.config().missedCall ?? {};
  await service.send({
    ...{ invitees: [caller], callType, customData, timeoutSeconds },
    ...(resourceID !== undefined && { resourceID }),
  });
}

/** Waits until the join is decided. That it failed is told by the machine. */
function joined({ service: { $call } }: MissedCallsHost, callID: string): Promise<void> {
  return new Promise((resolve) => {
    const isDecided = (): boolean => {
      const call = $call.get();
      return call.callID !== callID || call.status !== 'connecting';
    };
    if (isDecided()) return resolve();
    const stop = $call.listen(() => {
      if (!isDecided()) return;
      stop();
      resolve();
    });
  });
}
