import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RemoteScreen } from './remote-screen.js';

const SHARED = { surface: 'window', sound: false, paused: false } as const;
const PAUSED = { ...SHARED, paused: true };

describe('the screen of the other side', () => {
  it('has a picture once packets have arrived, which stays while it is paused', () => {
    const screen = new RemoteScreen();
    screen.describe(SHARED);
    screen.update(true, false);
    assert.deepEqual([screen.hasPicture, screen.description], [false, SHARED]);
    screen.update(true, true);
    assert.equal(screen.hasPicture, true);
    screen.describe(PAUSED);
    screen.update(true, true);
    assert.deepEqual([screen.hasPicture, screen.description], [true, PAUSED]);
  });

  it('has no picture if it was paused before, also if packets or the report came first', () => {
    for (const isShared of [false, true]) {
      const screen = new RemoteScreen();
      screen.update(isShared, true);
      screen.describe(PAUSED);
      screen.update(true, true);
      assert.equal(screen.hasPicture, false);
      screen.describe(SHARED);
      screen.update(true, true);
      assert.equal(screen.hasPicture, true);
    }
  });

  it('has a picture without a description, and none when it is not shared any more', () => {
    const screen = new RemoteScreen();
    screen.update(true, true);
    assert.deepEqual([screen.hasPicture, screen.description], [true, undefined]);
    screen.describe(SHARED);
    screen.update(false, true);
    assert.deepEqual([screen.hasPicture, screen.description], [false, undefined]);
  });

  it('keeps the same description while it is equal', () => {
    const screen = new RemoteScreen();
    screen.update(true, true);
    screen.describe({ ...SHARED });
    const first = screen.description;
    screen.describe({ ...SHARED });
    assert.equal(screen.description, first);
    for (const other of [
      { ...SHARED, surface: 'browser' as const },
      { ...SHARED, sound: true },
      PAUSED,
    ]) {
      screen.describe(other);
      assert.equal(screen.description, other);
    }
  });
});
