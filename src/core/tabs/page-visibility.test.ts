import { assert } from '@open-wc/testing';
import { createPageVisibility } from './page-visibility.js';
import { waitUntil } from '../../../test/support/wait-until.js';

/** Makes the document report itself visible or hidden. */
function setVisible(visible: boolean): void {
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    value: visible ? 'visible' : 'hidden',
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('page visibility', () => {
  afterEach(() => Reflect.deleteProperty(document, 'visibilityState'));

  it('reports whether this page is visible, and when that changes', async () => {
    const visibility = createPageVisibility('own');
    let changes = 0;
    visibility.open(() => changes++);
    assert.equal(await visibility.isAnyPageVisible(), true);
    const before = changes;
    setVisible(false);
    assert.equal(changes, before + 1);
    assert.equal(await visibility.isAnyPageVisible(), false);
    setVisible(true);
    assert.equal(await visibility.isAnyPageVisible(), true);
    visibility.close();
    setVisible(false);
    assert.equal(changes, before + 2);
  });

  it('reports whether another page of the account is visible', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const other = frame.contentWindow as Window & typeof globalThis;
    let release = (): void => {};
    await new Promise<void>((held) => {
      void other.navigator.locks.request('ringkit seen shared account', { mode: 'shared' }, () => {
        held();
        return new Promise<void>((resolve) => (release = resolve));
      });
    });
    setVisible(false);
    const visibility = createPageVisibility('shared account');
    const otherAccount = createPageVisibility('other account');
    visibility.open(() => {});
    otherAccount.open(() => {});
    assert.equal(await visibility.isAnyPageVisible(), true);
    assert.equal(await otherAccount.isAnyPageVisible(), false);
    release();
    await waitUntil(async () => !(await visibility.isAnyPageVisible()));
    visibility.close();
    otherAccount.close();
    frame.remove();
  });
});
