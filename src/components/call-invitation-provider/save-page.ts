import type { InvitationService } from '../../core/service/invitation-service.js';
import { keyOf, sessionStorageOfTab, type SavedPage } from './saved-page.js';

/**
 * On `pagehide`, saves the device ID and the call of this page, so that the page can continue them after a reload.
 * @returns a function that stops it
 */
export function saveAtPageHide(
  service: Pick<InvitationService, 'user' | 'deviceID' | 'saved'>,
  storage = sessionStorageOfTab(),
): () => void {
  const note = (): void => {
    const { user, deviceID } = service;
    const call = service.saved();
    const kept: SavedPage = { device: deviceID, at: Date.now(), ...(call && { call }) };
    try {
      if (user) storage?.setItem(keyOf(user.userID), JSON.stringify(kept));
    } catch {
      // The storage is full.
    }
  };
  window.addEventListener('pagehide', note);
  return () => window.removeEventListener('pagehide', note);
}
