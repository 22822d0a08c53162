import { createMissedCalls } from '../../src/core/missed-calls/missed-call-manager.js';
import type { MissedCallStorage } from '../../src/core/ports/missed-call-storage.js';
import type { MissedCallEntry } from '../../src/core/ports/missed-calls.js';
import type { PushSubscriptions } from '../../src/core/ports/push-subscriptions.js';
import { CallError } from '../../src/core/service/call-error.js';
import { createMemoryStorage } from '../../src/core/storage/memory-storage.js';
import { createFakeNotifier, type FakeNotifier } from './fake-notifier.js';
import { createServiceHarness, type Phone, type ServiceHarness } from './service-harness.js';

/** A phone with missed calls. */
export interface MissedCallsPhone extends Phone {
  readonly notifier: FakeNotifier;
  readonly storage: MissedCallStorage;
  missed(): readonly MissedCallEntry[];
}

export interface MissedCallsHarness extends ServiceHarness {
  /** Pages of one browser share a storage. */
  missedCallsPhone(
    name: string,
    options?: {
      storage?: MissedCallStorage;
      subscriptions?: PushSubscriptions;
      /** Delays the loading of the code. */
      load?: () => Promise<void>;
    },
  ): MissedCallsPhone;
  /** Rings for ten seconds without an answer, until everything is decided. @returns the call ID */
  ring(from: Phone, to: readonly string[], more?: Partial<Ring>): Promise<string>;
}

interface Ring {
  customData: string;
  callType: 'voice' | 'video';
  resourceID: string;
}

export function createMissedCallsHarness(): MissedCallsHarness {
  const harness = createServiceHarness();
  return {
    ...harness,
    missedCallsPhone(name, { storage = createMemoryStorage(), subscriptions, load } = {}) {
      const notifier = createFakeNotifier();
      const phone = harness.phone(name, {
        missedCalls: async (host) => {
          await load?.();
          return createMissedCalls(host, {
            ...{ storage, notifier, subscriptions, clock: harness.clock },
            fault: (code, message) => new CallError(code, message),
          });
        },
      });
      return { ...phone, notifier, storage, missed: () => phone.service.$missedCalls.get() };
    },
    async ring(from, invitees, more = {}) {
      const { callID } = await from.service.send({
        ...{ invitees, callType: 'voice', timeoutSeconds: 10, ...more },
      });
      // The ring timeout, the coordinator's grace period, the settling period, and the time that the end is shown.
      await harness.clock.advance(20_000);
      return callID;
    },
  };
}
