import { assert, waitUntil } from '@open-wc/testing';
import { createPageVisibility } from './page-visibility.js';

/** What the document says of itself, for this test. */
function setVisible(visible: boolean): void {
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    value: visible ? 'visible' : 'hidden',
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('watchLook', () => {
  afterEach(() => Reflect.deleteProperty(document, 'visibilityState'));

  it('knows whether this page is seen, and tells when that changes', async () => {
    const look = createPageVisibility('look own');
    let changes = 0;
    look.open(() => changes++);
    assert.equal(await look.isAnyPageVisible(), true);
    const before = changes;
    setVisible(false);
    assert.equal(changes, before + 1);
    assert.equal(await look.isAnyPageVisible(), false);
    setVisible(true);
    assert.equal(await look.isAnyPageVisible(), true);
    look.close();
    setVisible(false);
    assert.equal(changes, before + 2);
  });

  it('knows whether another page of the account is seen', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const other = frame.contentWindow as Window & typeof globalThis;
    let release = (): void => {};
    await new Promise<void>((held) => {
      void other.navigator.locks.request('ringkit seen look shared', { mode: 'shared' }, () => {
        held();
        return new Promise<void>((resolve) => (release = resolve));
      });
    });
    setVisible(false);
    const look = createPageVisibility('look shared');
    const stranger = createPageVisibility('look stranger');
    look.open(() => {});
    stranger.open(() => {});
    assert.equal(await look.isAnyPageVisible(), true);
    assert.equal(await stranger.isAnyPageVisible(), false);
    release();
    await waitUntil(async () => !(await look.isAnyPageVisible()));
    look.close();
    stranger.close();
    frame.remove();
  });
});
