import type { PushRegistration } from '../protocol/push.js';

/** The browser's Web Push. */
export interface PushSubscriptions {
  /**
   * What there is, or a new one for the server's key; one that was made for another key is given up first.
   * @param key the server's public VAPID key, base64url
   * @throws where the browser has no Web Push, or denies it
   */
  subscribe(key: string): Promise<PushRegistration>;
  current(): Promise<PushRegistration | undefined>;
  unsubscribe(): Promise<void>;
}
