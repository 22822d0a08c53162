import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinkRemote } from './link-remote.js';

const FLAGS = { microphone: true, camera: false, screen: true };
const SHARE = { surface: 'window', sound: true, paused: false } as const;

describe('LinkRemote', () => {
  it('keeps the same description of a screen while it is equal', () => {
    const remote = new LinkRemote();
    remote.receive({ sources: FLAGS, share: { ...SHARE } });
    const first = remote.share;
    assert.deepEqual(first, SHARE);
    remote.receive({ share: { ...SHARE } });
    assert.equal(remote.share, first);
    for (const other of [
      { ...SHARE, surface: 'browser' as const },
      { ...SHARE, sound: false },
      { ...SHARE, paused: true },
    ]) {
      remote.receive({ share: other });
      assert.equal(remote.share, other);
    }
  });

  it('has no shared screen while the other side reports none', () => {
    const remote = new LinkRemote();
    remote.receive({ share: SHARE });
    assert.equal(remote.share, undefined);
    remote.receive({ sources: FLAGS });
    assert.equal(remote.share, SHARE);
  });

  it('takes flags of a description until the data channel has brought some', () => {
    const remote = new LinkRemote();
    remote.describe(FLAGS);
    assert.deepEqual(remote.flags, FLAGS);
    remote.describe('malformed');
    assert.deepEqual(remote.flags, FLAGS);
    const newer = { ...FLAGS, camera: true };
    remote.receive({ sources: newer });
    remote.describe(FLAGS);
    assert.deepEqual(remote.flags, newer);
  });

  it('keeps what a message does not mention', () => {
    const remote = new LinkRemote();
    const paused = { camera: true, screen: false };
    remote.receive({ connection: 'poor', paused, view: { camera: 90 } });
    remote.receive({ sources: FLAGS });
    assert.equal(remote.connection, 'poor');
    assert.deepEqual(remote.paused, paused);
    assert.deepEqual(remote.shows, { camera: 90 });
  });
});
