import { fixture, html } from '@open-wc/testing';
import { nothing } from 'lit';
import type { CallInvitationProvider } from '../../src/components/call-invitation-provider/call-invitation-provider.js';
import type { SignalTransport, TransportIdentity } from '../../src/core/ports/signal-transport.js';
import type { CallStatus } from '../../src/core/protocol/vocabulary.js';
import { createMemoryNetwork } from '../../src/core/transports/memory.js';
import { waitUntil } from './wait-until.js';

/** A transport of a network in this page that records how it is opened and closed. */
export interface RecordedTransport extends SignalTransport {
  readonly opened: TransportIdentity[];
  closed: number;
}

/** No ring tones. */
export const QUIET = { ringtone: { incoming: false, outgoing: false } } as const;

/** A network for the providers of one test. */
export function createPhones() {
  const network = createMemoryNetwork({ schedule: (step) => queueMicrotask(step) });
  function transport(): RecordedTransport {
    const inner = network.transport();
    const recorded: RecordedTransport = {
      opened: [],
      closed: 0,
      open(identity, handle) {
        recorded.opened.push(identity);
        inner.open(identity, handle);
      },
      hello: (hello) => inner.hello(hello),
      send: (message) => inner.send(message),
      close() {
        recorded.closed++;
        inner.close();
      },
    };
    return recorded;
  }
  return {
    network,
    transport,
    /** A connected provider in the document. */
    async phone(
      userID: string,
      content: unknown = '',
      {
        transport: own = transport(),
        signaling,
      }: { transport?: RecordedTransport; signaling?: string } = {},
    ): Promise<CallInvitationProvider> {
      const provider = await fixture<CallInvitationProvider>(
        html`<call-invitation-provider
          user-id=${userID}
          user-name=${userID[0]!.toUpperCase() + userID.slice(1)}
          .config=${QUIET}
          signaling=${signaling ?? nothing}
          .transport=${own}
          >${content}</call-invitation-provider
        >`,
      );
      await waitUntil(() => provider.service.$connection.get() === 'connected');
      return provider;
    },
  };
}

/** Waits until the call of a provider has this status and is rendered. */
export async function waitForStatus(
  provider: CallInvitationProvider,
  status: CallStatus,
): Promise<void> {
  await waitUntil(() => provider.service.$call.get().status === status, status);
  await provider.updateComplete;
}

/** The default element that a provider shows, also inside a dialog of the page. */
export function shown(provider: CallInvitationProvider): HTMLElement | undefined {
  const roots = [provider, ...document.querySelectorAll('[data-stand-in]')];
  for (const { shadowRoot } of roots) {
    const element = shadowRoot?.querySelector<HTMLElement>('.layer')?.firstElementChild;
    if (element) return element as HTMLElement;
  }
  return undefined;
}
