import { aTimeout, expect } from '@open-wc/testing';
import { ScreenWakeLock } from './screen-wake-lock.js';

class Sentinel extends EventTarget {
  readonly type = 'screen';
  readonly onrelease = null;
  released = false;
  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    this.dispatchEvent(new Event('release'));
  }
}

function createLock() {
  const sentinels: Sentinel[] = [];
  const page = Object.assign(new EventTarget(), {
    visibilityState: 'visible',
  });
  const state = { isRefused: false };
  const lock = new ScreenWakeLock({
    document: page as never,
    wakeLock: {
      request: async () => {
        if (state.isRefused) throw new DOMException('Battery is low', 'NotAllowedError');
        const sentinel = new Sentinel();
        sentinels.push(sentinel);
        return sentinel;
      },
    },
  });
  const show = async (visibilityState: DocumentVisibilityState): Promise<void> => {
    page.visibilityState = visibilityState;
    if (visibilityState === 'hidden') await sentinels.at(-1)?.release();
    page.dispatchEvent(new Event('visibilitychange'));
    await aTimeout(0);
  };
  return { lock, sentinels, show, state };
}
const held = (sentinels: Sentinel[]): boolean[] => sentinels.map(({ released }) => !released);

describe('ScreenWakeLock', () => {
  it('holds one lock while it is on', async () => {
    const { lock, sentinels } = createLock();
    lock.set(true);
    lock.set(true);
    await aTimeout(0);
    expect(held(sentinels)).to.deep.equal([true]);
    lock.set(false);
    await aTimeout(0);
    expect(held(sentinels)).to.deep.equal([false]);
  });

  it('requests the lock again when the page becomes visible, and not after it was switched off', async () => {
    const { lock, sentinels, show } = createLock();
    lock.set(true);
    await aTimeout(0);
    await show('hidden');
    expect(held(sentinels)).to.deep.equal([false]);
    await show('visible');
    expect(held(sentinels)).to.deep.equal([false, true]);
    lock.set(false);
    await aTimeout(0);
    await show('visible');
    expect(held(sentinels)).to.deep.equal([false, false]);
  });

  it('releases a lock that is granted after it was switched off', async () => {
    const { lock, sentinels } = createLock();
    lock.set(true);
    lock.set(false);
    lock.set(true);
    await aTimeout(0);
    expect(held(sentinels)).to.deep.equal([false, true]);
    lock.set(false);
    await aTimeout(0);
    expect(held(sentinels)).to.deep.equal([false, false]);
  });

  it('tries again after a refusal when the page becomes visible', async () => {
    const { lock, sentinels, show, state } = createLock();
    state.isRefused = true;
    lock.set(true);
    await aTimeout(0);
    expect(sentinels).to.have.length(0);
    state.isRefused = false;
    await show('visible');
    expect(held(sentinels)).to.deep.equal([true]);
    lock.set(false);
  });
});
