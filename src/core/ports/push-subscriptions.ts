import type { PushRegistration } from '../protocol/push.js';

/** The browser's Web Push subscription (Push API). */
export interface PushSubscriptions {
  /**
   * Returns the existing subscription or creates one. A subscription for another key is ended first.
   * @param key the server's public VAPID key, base64url
   * @throws if the browser has no Web Push, or denies it
   */
  subscribe(key: string): Promise<PushRegistration>;
  current(): Promise<PushRegistration | undefined>;
  unsubscribe(): Promise<void>;
}
