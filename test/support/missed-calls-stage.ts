import { createMissedCalls } from '../../src/core/missed-calls/missed-call-manager.js';
import type { MissedCallStorage } from '../../src/core/ports/missed-call-storage.js';
import type { MissedCallEntry } from '../../src/core/ports/missed-calls.js';
import type { PushSubscriptions } from '../../src/core/ports/push-subscriptions.js';
import { CallError } from '../../src/core/service/call-error.js';
import { createMemoryStorage } from '../../src/core/storage/memory-storage.js';
import { createFakeNotifier, type FakeNotifier } from './fake-notifier.js';
import { createStage, type Phone, type Stage } from './service-stage.js';

/** A phone that minds its missed calls. */
export interface MissedCallsPhone extends Phone {
  readonly notifier: FakeNotifier;
  readonly storage: MissedCallStorage;
  missed(): readonly MissedCallEntry[];
}

export interface MissedCallsStage extends Stage {
  /** Pages of one browser share a storage. */
  missedCallsPhone(
    name: string,
    options?: {
      storage?: MissedCallStorage;
      subscriptions?: PushSubscriptions;
      /** Loads the code. */
      load?: () => Promise<void>;
    },
  ): MissedCallsPhone;
  /** Somebody rings, for ten seconds, and nobody answers; then all is decided. @returns the callID */
  ring(from: Phone, to: readonly string[], more?: Partial<Ring>): Promise<string>;
}

interface Ring {
  customData: string;
  callType: 'voice' | 'video';
  resourceID: string;
}

export function createMissedCallsStage(): MissedCallsStage {
  const stage = createStage();
  return {
    ...stage,
    missedCallsPhone(name, { storage = createMemoryStorage(), subscriptions, load } = {}) {
      const notifier = createFakeNotifier();
      const phone = stage.phone(name, {
        missedCalls: async (host) => {
          await load?.();
          return createMissedCalls(host, {
            ...{ storage, notifier, subscriptions, clock: stage.clock },
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
      // The time-out, the coordinator's grace, what settles, and the end that is shown.
      await stage.clock.advance(20_000);
      return callID;
    },
  };
}
