import type { CallInvitationService } from '../../src/core/service/types.js';
import { readPlace } from './page.js';

/** URL of the kit's script on the benchmark's web server: of this build, or of the one to compare it with. */
const KIT = `/${readPlace().kit}/ringkit.js`;

/** The members of the provider that the benchmark uses: the published script has no types. */
export type Provider = HTMLElement & {
  readonly service: CallInvitationService;
  iceServers: readonly RTCIceServer[];
  noDefaultUI: boolean;
};

/**
 * Loads the published script and adds a provider to the page.
 * @param elements whether the provider shows its default elements
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

/** Resolves when the service is connected. */
export function connected({ service }: Provider): Promise<void> {
  return new Promise((resolve) => {
    const stop = service.$connection.subscribe((connection) => {
      if (connection !== 'connected') return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/** The accept button of the incoming-call dialog, while it is shown. */
export function acceptButton(provider: Provider): HTMLElement | null | undefined {
  return provider.shadowRoot
    ?.querySelector('incoming-call-dialog')
    ?.shadowRoot?.querySelector<HTMLElement>('[part~="accept-button"]');
}

/** Resolves when the call of this page has one of these statuses. */
export function status(provider: Provider, ...wanted: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const stop = provider.service.$call.subscribe(({ status: current }) => {
      if (!wanted.includes(current)) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
