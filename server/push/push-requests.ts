import webPush from 'web-push';
import { parsePushRegistration, type PushRegistration } from '../../src/core/protocol/push.js';
import type { Sender } from '../../src/core/protocol/messages.js';
import { isPlain } from '../messages/incoming.js';
import { MAX_PAGE_BYTES } from '../limits/limits.js';
import type { ConnectedPages } from './connected-pages.js';
import type { EndpointPolicy } from './endpoint-policy.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { PushSubscriptions } from './subscriptions.js';

/** Requests of pages about push: events of the socket, answered by acknowledgements. */
const PUSH_REQUEST_TYPES = ['push-key', 'push-register', 'push-remove'] as const;
export type PushRequestType = (typeof PUSH_REQUEST_TYPES)[number];

export const isPushRequest = (event: string): event is PushRequestType =>
  (PUSH_REQUEST_TYPES as readonly string[]).includes(event);

export type PushResponse =
  /** `push-key`: the VAPID public key for the subscription, base64url. */
  | { readonly key: string }
  /** `push-register`, `push-remove`: an empty object on success. */
  | Readonly<Record<string, never>>
  | { readonly error: { readonly code: 'invalid-argument' | 'unsupported' | 'unavailable' } };

/** The connection that sends a request. */
export interface PushClient {
  readonly sender: Sender;
  readonly connected: boolean;
}

interface PushRequestDependencies {
  /** Returns the current VAPID public key. */
  readonly key: () => string;
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  readonly endpointPolicy: EndpointPolicy;
}

const INVALID: PushResponse = { error: { code: 'invalid-argument' } };

/** Answers the requests of pages about push. */
export class PushRequests {
  readonly #parts: PushRequestDependencies;

  constructor(parts: PushRequestDependencies) {
    this.#parts = parts;
  }

  /** @param input not validated */
  async answer(client: PushClient, type: PushRequestType, input: unknown): Promise<PushResponse> {
    try {
      switch (type) {
        case 'push-key':
          return { key: this.#parts.key() };
        case 'push-register':
          return await this.#register(client, input);
        case 'push-remove':
          return await this.#remove(client, input);
      }
    } catch (error) {
      // The store logs its failure once, so it is not logged for each request.
      if (error instanceof UnavailableError) return { error: { code: 'unavailable' } };
      throw error;
    }
  }

  /** Call it when the connection has closed. */
  leave(client: PushClient): Promise<void> {
    return this.#parts.connected.remove(client);
  }

  async #register(client: PushClient, input: unknown): Promise<PushResponse> {
    const { subscriptions, connected, endpointPolicy } = this.#parts;
    const registration = isPlain(input) ? parsePushRegistration(input) : undefined;
    if (!registration || !endpointPolicy.allows(registration.endpoint) || !isUsable(registration)) {
      return INVALID;
    }
    const { userID } = client.sender;
    await connected.add(client, userID, registration.endpoint);
    // The client may have disconnected meanwhile.
    if (!client.connected) await connected.remove(client);
    await subscriptions.register(userID, registration);
    return {};
  }

  async #remove({ sender }: PushClient, input: unknown): Promise<PushResponse> {
    const endpoint = (input as { endpoint?: unknown } | null | undefined)?.endpoint;
    if (typeof endpoint !== 'string') return INVALID;
    await this.#parts.subscriptions.remove(sender.userID, endpoint);
    return {};
  }
}

/** Whether payloads can be encrypted with its keys, and have room for a call. */
function isUsable({ endpoint: _endpoint, keys, ...page }: PushRegistration): boolean {
  if (Buffer.byteLength(JSON.stringify(page)) > MAX_PAGE_BYTES) return false;
  try {
    webPush.encrypt(keys.p256dh, keys.auth, 'trial', 'aes128gcm');
    return true;
  } catch {
    // The key is not a point on the curve, or not base64url.
    return false;
  }
}
