import { lazyPart } from '../../core/loading/lazy-part.js';
import type { DeviceChoiceStorage } from '../../core/ports/device-choices.js';
import type { CallMedia } from '../../core/ports/media.js';
import type { SignalTransport } from '../../core/ports/signal-transport.js';

const callMedia = lazyPart(
  'the media of calls',
  () => import('../../core/media/call-media.js'),
  'createCallMedia',
);

/** What the page has set at the provider, read at each use. */
interface MediaSource {
  readonly iceServers: readonly RTCIceServer[] | null;
  readonly iceTransportPolicy: RTCIceTransportPolicy | null;
}

/** @returns the option `media` of a service: a function that loads the media of calls */
export const loadMedia = (
  provider: MediaSource,
  transport: () => SignalTransport | undefined,
  deviceChoices: DeviceChoiceStorage,
): { readonly media: () => Promise<CallMedia> } => ({
  media: async () => {
    const createCallMedia = await callMedia.load();
    return createCallMedia({
      iceServers: () => [...(provider.iceServers ?? []), ...(transport()?.iceServers?.() ?? [])],
      iceTransportPolicy: () => provider.iceTransportPolicy ?? undefined,
      deviceChoices,
    });
  },
});
