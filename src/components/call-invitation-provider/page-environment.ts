import { loadMedia } from './provider-media.js';
import { transportFor } from './transports.js';

/** What a provider takes from its browser. */
export interface PageEnvironment {
  /** Whether the browser supports WebRTC. */
  readonly canTakeCalls: () => boolean;
  /** The option `media` of a service, which loads the media of calls. Undefined: calls have no media, and are active as soon as they are accepted. */
  readonly loadMedia: typeof loadMedia | undefined;
  /** Creates the transport for the address of a provider. */
  readonly transportFor: typeof transportFor;
}

const browser: PageEnvironment = {
  canTakeCalls: () => 'RTCPeerConnection' in globalThis,
  loadMedia,
  transportFor,
};

let current = browser;

/** The environment of providers that are created or sign in from now on. */
export const pageEnvironment = (): PageEnvironment => current;

/** Replaces the environment, in tests. Without a value, it is the browser again. */
export function setPageEnvironment(environment: PageEnvironment = browser): void {
  current = environment;
}
