import type { CallInvitationService } from '../../src/core/service/types.js';
import { readPlace } from './page.js';

/** Where the bench's web server has the kit's module for a script tag. */
const KIT = '/kit/ringkit.js';

/** The provider, as far as the bench uses it: from the published script come no types. */
export type Provider = HTMLElement & {
  readonly service: CallInvitationService;
  iceServers: readonly RTCIceServer[];
  noDefaultUI: boolean;
};

/**
 * Loads the published script and puts a provider into the page.
 * @param elements whether it shows its default elements
 */
export async function mountKit(signaling: string, elements = true): Promise<Provider> {
  await import(/* @vite-ignore */ KIT);
  const provider = document.createElement('call-invitation-provider') as Provider;
  provider.setAttribute('user-id', readPlace().user);
  provider.setAttribute('signaling', signaling);
  provider.iceServers = [];
  provider.noDefaultUI = !elements;
  document.body.append(provider);
  return provider;
}

/** Settles when the service is connected. */
export function connected({ service }: Provider): Promise<void> {
  return new Promise((resolve) => {
    const stop = service.$connection.subscribe((connection) => {
      if (connection !== 'connected') return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/** The accept button of the incoming dialog, while it is there. */
export function acceptButton(provider: Provider): HTMLElement | null | undefined {
  return provider.shadowRoot
    ?.querySelector('incoming-call-dialog')
    ?.shadowRoot?.querySelector<HTMLElement>('[part~="accept-button"]');
}

/** Settles when the call of this page has this status. */
export function status(provider: Provider, ...wanted: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const stop = provider.service.$call.subscribe(({ status: current }) => {
      if (!wanted.includes(current)) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
