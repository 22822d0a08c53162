import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinkRemote } from './link-remote.js';

const FLAGS = { microphone: true, camera: false, screen: true };

describe('LinkRemote', () => {
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
