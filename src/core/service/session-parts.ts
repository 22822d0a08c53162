import type { Clock } from '../ports/clock.js';
import type { CallHistory, CallHistoryHost } from '../ports/call-history.js';
import type { MissedCalls, MissedCallsHost } from '../ports/missed-calls.js';
import type { Callbacks } from './callbacks.js';
import { SessionPart } from './session-part.js';
import type { Stores } from './stores.js';
import type { ServiceEnvironment } from './types.js';

/** What the parts of a session get from it. */
export interface SessionPartsOptions
  extends
    Pick<MissedCallsHost, 'service' | 'transport' | 'serverTime'>,
    Pick<CallHistoryHost, 'user' | 'deviceID' | 'elapsedMs'> {
  readonly environment: ServiceEnvironment;
  readonly clock: Clock;
  readonly callbacks: Callbacks;
  readonly stores: Stores;
  /** Whether the session has ended: nothing is published any more. */
  readonly isStopped: () => boolean;
}

/** Creates the parts of a session that record former calls. Each is loaded when it is first needed. */
export function createSessionParts({
  service,
  transport,
  serverTime,
  user,
  deviceID,
  elapsedMs,
  environment,
  clock,
  callbacks,
  stores,
  isStopped,
}: SessionPartsOptions): {
  readonly missedCalls: SessionPart<MissedCalls>;
  readonly history: SessionPart<CallHistory>;
} {
  if (!environment.callHistory) stores.set(stores.$callHistoryState, 'off');
  const dependencies = { clock, report: callbacks.report };
  const missedCalls = new SessionPart<MissedCalls>(
    () =>
      environment.missedCalls?.({
        ...{ service, transport, serverTime },
        config: () => environment.config?.() ?? {},
        fire: callbacks.fire,
        show: (missed) => stores.set(stores.$missedCalls, isStopped() ? [] : missed),
      }),
    dependencies,
  );
  const history = new SessionPart<CallHistory>(
    () =>
      environment.callHistory?.({
        ...{ user, deviceID, transport, serverTime, elapsedMs },
        isEnabled: () => environment.config?.().history !== false,
        show(entries, historyState) {
          if (isStopped()) return;
          stores.set(stores.$callHistory, entries);
          stores.set(stores.$callHistoryState, historyState);
        },
      }),
    dependencies,
  );
  return { missedCalls, history };
}
