import { expect } from '@open-wc/testing';
import { heldLocks, TabLock, whenLockReleased } from './tab-lock.js';
import { waitUntil } from '../../../test/support/wait-until.js';

describe('TabLock', () => {
  let name = '';
  beforeEach(() => {
    name = `tab-lock test ${crypto.randomUUID()}`;
  });
  const isHeld = async (): Promise<boolean> =>
    (await heldLocks(navigator.locks)).some((lock) => lock.name === name);

  it('is granted when no page holds the lock, and held until it is released', async () => {
    const lock = new TabLock(navigator.locks, name);
    expect(await lock.granted).to.equal(true);
    expect(await isHeld()).to.equal(true);
    lock.release();
    await lock.released;
    expect(await isHeld()).to.equal(false);
  });

  it('is granted when the other holder releases the lock', async () => {
    const first = new TabLock(navigator.locks, name);
    const second = new TabLock(navigator.locks, name);
    await first.granted;
    first.release();
    expect(await second.granted).to.equal(true);
    second.release();
  });

  it('is not granted when it is released while another one holds the lock', async () => {
    const first = new TabLock(navigator.locks, name);
    await first.granted;
    const second = new TabLock(navigator.locks, name);
    second.release();
    expect(await second.granted).to.equal(false);
    await second.released;
    first.release();
  });

  it('is not granted in a document that may not use locks, and does not reject', async () => {
    const denied = {
      request: () => Promise.reject(new DOMException('denied', 'SecurityError')),
      query: () => Promise.reject(new DOMException('denied', 'SecurityError')),
    } as unknown as LockManager;
    const lock = new TabLock(denied, name);
    expect(await lock.granted).to.equal(false);
    await lock.released;
    expect(await whenLockReleased(denied, name)).to.equal(false);
    expect(await heldLocks(denied)).to.deep.equal([]);
  });

  it('is granted to all pages that request it as shared', async () => {
    const locks = [1, 2].map(() => new TabLock(navigator.locks, name, 'shared'));
    expect(await Promise.all(locks.map((lock) => lock.granted))).to.deep.equal([true, true]);
    for (const lock of locks) lock.release();
  });

  it('notices when another page releases its lock, and not before', async () => {
    const lock = new TabLock(navigator.locks, name);
    await lock.granted;
    let isReleased = false;
    const release = whenLockReleased(navigator.locks, name).then((value) => (isReleased = value));
    await waitUntil(async () => {
      const { pending = [] } = await navigator.locks.query();
      return pending.some((request) => request.name === name);
    });
    expect(isReleased).to.equal(false);
    lock.release();
    await release;
    expect(isReleased).to.equal(true);
  });

  it('stops waiting for a release when it is aborted', async () => {
    const lock = new TabLock(navigator.locks, name);
    await lock.granted;
    const abort = new AbortController();
    const release = whenLockReleased(navigator.locks, name, abort.signal);
    abort.abort();
    expect(await release).to.equal(false);
    lock.release();
  });
});
