import { aTimeout, expect } from '@open-wc/testing';
import { RemoteSound } from './remote-sound.js';
import { waitUntil } from '../../../test/support/wait-until.js';

/** Plays for a fake host, and records every created player and requested update. */
function createSound(create = () => new Audio()) {
  const players: HTMLAudioElement[] = [];
  const host = {
    isConnected: true,
    updates: 0,
    addController() {},
    removeController() {},
    requestUpdate: () => {
      host.updates++;
    },
    updateComplete: Promise.resolve(true),
  };
  const faults: unknown[] = [];
  const made = new RemoteSound(
    host,
    ({ code, cause }) => faults.push([code, cause]),
    () => {
      const player = create();
      players.push(player);
      return player;
    },
  );
  return { createSound: made, host, players, faults };
}

const contexts: AudioContext[] = [];
/** A stream with a tone. */
function tone(): MediaStream {
  const context = new AudioContext();
  contexts.push(context);
  const { stream } = context.createMediaStreamDestination();
  return stream;
}
const remote = (stream: MediaStream, sound?: MediaStream) => ({
  ...{ stream, screen: undefined },
  ...(sound && { sound }),
});

/** An audio element in a browser that blocks sound until a user action. */
function blockedPlayer(): HTMLAudioElement {
  const player = new Audio();
  player.play = async () => {
    throw new DOMException('not now', 'NotAllowedError');
  };
  return player;
}

describe('RemoteSound', () => {
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  it('plays the sound of every member once, outside of the document', async () => {
    const { createSound: it, players } = createSound();
    const [voice, other, sound] = [tone(), tone(), tone()];
    it.play([remote(voice), remote(other, sound)], undefined);
    it.play([remote(voice), remote(other, sound)], undefined);
    expect(players.map(({ srcObject }) => srcObject)).to.deep.equal([voice, sound]);
    expect(players.some(({ isConnected }) => isConnected)).to.equal(false);
    await waitUntil(() => players.every(({ paused }) => !paused));
    it.play([], undefined);
  });

  it('stops and releases streams that were removed', () => {
    const { createSound: it, players } = createSound();
    const [voice, other] = [tone(), tone()];
    it.play([remote(voice), remote(other)], undefined);
    it.play([remote(voice)], undefined);
    expect(players.map(({ srcObject }) => srcObject)).to.deep.equal([voice, null]);
    it.play([], undefined);
    expect(players.every(({ srcObject, paused }) => !srcObject && paused)).to.equal(true);
  });

  it('continues while its view is moved, and stops when the view is removed', async () => {
    const { createSound: it, host, players } = createSound();
    it.play([remote(tone())], undefined);
    it.hostDisconnected();
    await Promise.resolve();
    expect(players[0]?.srcObject).not.to.equal(null);
    host.isConnected = false;
    it.hostDisconnected();
    await Promise.resolve();
    expect(players[0]?.srcObject).to.equal(null);
  });

  it('reports that the browser blocks it, and plays after a press', async () => {
    let create = blockedPlayer;
    const { createSound: it, host, players } = createSound(() => create());
    it.play([remote(tone())], undefined);
    await waitUntil(() => it.blocked);
    expect(host.updates).to.equal(1);
    create = () => new Audio();
    players[0]!.play = () => HTMLAudioElement.prototype.play.call(players[0]);
    it.unblock();
    expect(it.blocked).to.equal(false);
    await waitUntil(() => !players[0]!.paused);
    it.play([], undefined);
  });

  it('uses the selected speaker', () => {
    const asked: string[] = [];
    const { createSound: it } = createSound(() => {
      const player = new Audio();
      player.setSinkId = async (id) => void asked.push(id);
      return player;
    });
    const stream = tone();
    it.play([remote(stream)], undefined);
    it.play([remote(stream)], 'room');
    expect(asked).to.deep.equal(['room']);
    // Set once, also while the browser is still switching; then back to the default speaker.
    it.play([remote(stream)], 'room');
    it.play([remote(stream)], undefined);
    expect(asked).to.deep.equal(['room', '']);
    it.play([], undefined);
  });

  it('reports a failed speaker once, and again when it is selected again', async () => {
    const gone = new DOMException('gone', 'NotFoundError');
    const { createSound: it, faults } = createSound(() => {
      const player = new Audio();
      player.setSinkId = async (id) => {
        if (id) throw gone;
      };
      return player;
    });
    const media = [remote(tone()), remote(tone())];
    it.play(media, 'room');
    await waitUntil(() => faults.length > 0);
    it.play(media, 'room');
    await Promise.resolve();
    expect(faults).to.deep.equal([['media-failed', gone]]);
    it.play(media, undefined);
    it.play(media, 'room');
    await waitUntil(() => faults.length === 2);
    it.play([], undefined);
  });

  it('plays again what the browser paused, and not what was removed', async () => {
    const { createSound: it, players } = createSound();
    it.play([remote(tone())], undefined);
    const [player] = players as [HTMLAudioElement];
    await waitUntil(() => !player.paused);
    player.pause();
    await waitUntil(() => !player.paused);
    expect(it.blocked).to.equal(false);
    it.play([], undefined);
    await aTimeout(0);
    expect(player.paused).to.equal(true);
  });

  it('offers to turn sound on if it is paused again immediately, until it plays', async () => {
    const { createSound: it, host, players } = createSound();
    it.play([remote(tone())], undefined);
    const [player] = players as [HTMLAudioElement];
    await waitUntil(() => !player.paused);
    player.pause();
    await waitUntil(() => !player.paused);
    player.pause();
    await waitUntil(() => it.blocked);
    expect(player.paused).to.equal(true);
    expect(host.updates).to.equal(1);
    // The user presses a media key.
    await player.play();
    await waitUntil(() => !it.blocked);
    expect(host.updates).to.equal(2);
    it.play([], undefined);
  });
});
