import webPush from 'web-push';
import { parsePushRegistration, type PushRegistration } from '../../src/core/protocol/push.js';
import type { Sender } from '../../src/core/protocol/messages.js';
import { isPlain } from '../messages/incoming.js';
import { MAX_PAGE_BYTES } from '../limits/limits.js';
import type { ConnectedPages } from './connected-pages.js';
import type { EndpointPolicy } from './endpoint-policy.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { PushSubscriptions } from './subscriptions.js';

/** What a page may ask about pushes: events of its socket, each answered by its acknowledgement. */
const PUSH_REQUEST_TYPES = ['push-key', 'push-register', 'push-remove'] as const;
export type PushRequestType = (typeof PUSH_REQUEST_TYPES)[number];

export const isPushRequest = (event: string): event is PushRequestType =>
  (PUSH_REQUEST_TYPES as readonly string[]).includes(event);

export type PushResponse =
  /** `push-key`: the VAPID public key that a browser subscribes with, base64url. */
  | { readonly key: string }
  /** `push-register`, `push-remove`: done. */
  | Readonly<Record<string, never>>
  | { readonly error: { readonly code: 'invalid-argument' | 'unsupported' | 'unavailable' } };

/** Who asks. */
export interface PushClient {
  readonly sender: Sender;
  readonly connected: boolean;
}

interface PushRequestDependencies {
  /** The VAPID public key, as it is now. */
  readonly key: () => string;
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  readonly endpointPolicy: EndpointPolicy;
}

const INVALID: PushResponse = { error: { code: 'invalid-argument' } };

/** Answers what pages ask about pushes. */
export class PushRequests {
  readonly #parts: PushRequestDependencies;

  constructor(parts: PushRequestDependencies) {
    this.#parts = parts;
  }

  /**
   * @param input as it came
   */
  async answer(
    asker: PushClient,
    question: PushRequestType,
    input: unknown,
  ): Promise<PushResponse> {
    try {
      switch (question) {
        case 'push-key':
          return { key: this.#parts.key() };
        case 'push-register':
          return await this.#register(asker, input);
        case 'push-remove':
          return await this.#remove(asker, input);
      }
    } catch (error) {
      // Said once by the store itself, and not for each page that asks.
      if (error instanceof UnavailableError) return { error: { code: 'unavailable' } };
      throw error;
    }
  }

  /** Its connection has ended. */
  leave(asker: PushClient): Promise<void> {
    return this.#parts.connected.remove(asker);
  }

  async #register(asker: PushClient, input: unknown): Promise<PushResponse> {
    const { subscriptions, connected, endpointPolicy } = this.#parts;
    const registration = isPlain(input) ? parsePushRegistration(input) : undefined;
    if (!registration || !endpointPolicy.allows(registration.endpoint) || !isUsable(registration)) {
      return INVALID;
    }
    const { userID } = asker.sender;
    await connected.add(asker, userID, registration.endpoint);
    // It may have gone meanwhile.
    if (!asker.connected) await connected.remove(asker);
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

/** Whether it can be encrypted for, and leaves room for a call in a payload. */
function isUsable({ endpoint: _endpoint, keys, ...page }: PushRegistration): boolean {
  if (Buffer.byteLength(JSON.stringify(page)) > MAX_PAGE_BYTES) return false;
  try {
    webPush.encrypt(keys.p256dh, keys.auth, 'trial', 'aes128gcm');
    return true;
  } catch {
    // Not a point of the curve, or not base64url.
    return false;
  }
}
