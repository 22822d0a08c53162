/**
 * Calls for the tests of an application: providers of the page ring without a network, without media and without WebRTC, in
 * browsers and in simulated ones (jsdom, happy-dom). The rules are those of real calls.
 */
import { setPageEnvironment } from './components/call-invitation-provider/page-environment.js';
import { createCallInvitationService } from './core/index.js';
import type { CallSnapshot } from './core/service/snapshots.js';
import type { CallInvitationService } from './core/service/types.js';
import type { CallStatus } from './core/protocol/vocabulary.js';
import { createMemoryNetwork } from './core/transports/memory.js';

/** Calls in memory, between the providers of this page and the users of a test. */
export interface FakeCalls {
  /**
   * Signs in another user, whom the test controls: `send` rings the page, `accept`, `decline` and `hangUp` answer it.
   * @throws {CallError} `invalid-argument` for a bad userID
   */
  user(userID: string, userName?: string): CallInvitationService;
  /**
   * Signs out all users of the test, and the providers of the document (those inside shadow roots end with their element).
   * Providers that are created from now on use the real network again. Resolves when the elements have rendered: afterwards
   * a test runner may remove its simulated document.
   */
  restore(): Promise<void>;
}

/**
 * Lets all providers that are created from now on ring in memory, whatever their `signaling` is. Call it before the
 * application renders, and `restore` after the test.
 *
 * @example
 * ```ts
 * import { fakeCalls, whenCall } from 'ringkit/testing';
 *
 * const calls = fakeCalls();
 * const bob = calls.user('bob', 'Bob');
 * document.body.innerHTML = '<call-invitation-provider user-id="alice"></call-invitation-provider>';
 * const { service } = document.querySelector('call-invitation-provider')!;
 *
 * await bob.send({ invitees: ['alice'], callType: 'video' });
 * await whenCall(service, 'incoming');
 * await service.accept();
 * await whenCall(bob, 'active');
 * await calls.restore();
 * ```
 */
export function fakeCalls(): FakeCalls {
  const network = createMemoryNetwork();
  const users: CallInvitationService[] = [];
  setPageEnvironment({
    canTakeCalls: () => true,
    loadMedia: undefined,
    transportFor: () => network.transport(),
  });
  return {
    user(userID, userName = userID) {
      const service = createCallInvitationService({
        user: { userID, userName },
        transport: network.transport(),
      });
      users.push(service);
      return service;
    },
    async restore() {
      for (const service of users.splice(0)) service.destroy();
      setPageEnvironment();
      const providers = [...document.querySelectorAll('call-invitation-provider')];
      for (const provider of providers) provider.userID = null;
      await Promise.all(providers.map((provider) => provider.updateComplete));
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

/**
 * Waits until the call of a user has a status.
 * @returns the call, when it has it
 *
 * @example
 * ```ts
 * import { whenCall } from 'ringkit/testing';
 *
 * const { service } = document.querySelector('call-invitation-provider')!;
 * const call = await whenCall(service, 'ended');
 * console.log(call.endReason);
 * ```
 */
export function whenCall(
  { $call }: Pick<CallInvitationService, '$call'>,
  status: CallStatus,
): Promise<CallSnapshot> {
  return new Promise((resolve) => {
    const now = $call.get();
    if (now.status === status) return resolve(now);
    const stop = $call.listen((call) => {
      if (call.status !== status) return;
      stop();
      resolve(call);
    });
  });
}
