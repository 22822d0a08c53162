import { expect } from '@open-wc/testing';
import { user } from '../../../test/support/fake-service.js';
import { saveAtPageHide } from './save-page.js';
import { readSavedPage, type PageStorage } from './saved-page.js';

describe('the saved page', () => {
  const service = { user: user('ann'), deviceID: 'before', saved: () => undefined };

  function createStorage(more: Partial<PageStorage> = {}): PageStorage {
    const items = new Map<string, string>();
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
      ...more,
    };
  }
  /** Leaves a page that saves itself in this storage. */
  function leave(storage: PageStorage | undefined): void {
    const stop = saveAtPageHide(service, storage);
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    stop();
  }

  it('is saved when the page is left, and can be read once, by the same user', () => {
    const storage = createStorage();
    const stop = saveAtPageHide(service, storage);
    expect(readSavedPage('ann', storage)).to.deep.equal({});
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    stop();
    expect(readSavedPage('ben', storage)).to.deep.equal({});
    expect(readSavedPage('ann', storage)).to.deep.equal({ replaces: 'before' });
    expect(readSavedPage('ann', storage)).to.deep.equal({});
  });

  it('is missing if the storage is full', () => {
    let attempts = 0;
    const storage = createStorage({
      setItem: () => {
        attempts++;
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    leave(storage);
    expect(attempts).to.equal(1);
    expect(readSavedPage('ann', storage)).to.deep.equal({});
  });
});
