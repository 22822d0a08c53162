import { expect, waitUntil } from '@open-wc/testing';
import { RemoteSound } from './remote-sound.js';

/** Plays for a host, and notes every player that was made and every update that was asked for. */
function sound(create = () => new Audio()) {
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
  return { sound: made, host, players, faults };
}

const contexts: AudioContext[] = [];
/** A stream that sounds. */
function tone(): MediaStream {
  const context = new AudioContext();
  contexts.push(context);
  const { stream } = context.createMediaStreamDestination();
  return stream;
}
const remote = (stream: MediaStream, screen?: MediaStream) => ({ stream, screen });

/** A player in a browser that plays nothing before a press. */
function blockedPlayer(): HTMLAudioElement {
  const player = new Audio();
  player.play = async () => {
    throw new DOMException('not now', 'NotAllowedError');
  };
  return player;
}

describe('the sound of the others', () => {
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  it('plays every stream once, screens too, in no document', async () => {
    const { sound: it, players } = sound();
    const [voice, screen] = [tone(), tone()];
    it.play([remote(voice, screen)], undefined);
    it.play([remote(voice, screen)], undefined);
    expect(players.map(({ srcObject }) => srcObject)).to.deep.equal([voice, screen]);
    expect(players.some(({ isConnected }) => isConnected)).to.equal(false);
    await waitUntil(() => players.every(({ paused }) => !paused));
    it.play([], undefined);
  });

  it('stops what is not there any more, and lets go of it', () => {
    const { sound: it, players } = sound();
    const [voice, screen] = [tone(), tone()];
    it.play([remote(voice, screen)], undefined);
    it.play([remote(voice)], undefined);
    expect(players.map(({ srcObject }) => srcObject)).to.deep.equal([voice, null]);
    it.play([], undefined);
    expect(players.every(({ srcObject, paused }) => !srcObject && paused)).to.equal(true);
  });

  it('plays on while its view is moved, and stops when that is gone', async () => {
    const { sound: it, host, players } = sound();
    it.play([remote(tone())], undefined);
    it.hostDisconnected();
    await Promise.resolve();
    expect(players[0]?.srcObject).not.to.equal(null);
    host.isConnected = false;
    it.hostDisconnected();
    await Promise.resolve();
    expect(players[0]?.srcObject).to.equal(null);
  });

  it('says when the browser blocks it, and plays at a press', async () => {
    let create = blockedPlayer;
    const { sound: it, host, players } = sound(() => create());
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

  it('comes out of the speaker that was chosen', () => {
    const asked: string[] = [];
    const { sound: it } = sound(() => {
      const player = new Audio();
      player.setSinkId = async (id) => void asked.push(id);
      return player;
    });
    const stream = tone();
    it.play([remote(stream)], undefined);
    it.play([remote(stream)], 'room');
    expect(asked).to.deep.equal(['room']);
    // Asked once, also while the browser still switches; and back to the default one.
    it.play([remote(stream)], 'room');
    it.play([remote(stream)], undefined);
    expect(asked).to.deep.equal(['room', '']);
    it.play([], undefined);
  });

  it('says once when the chosen speaker is gone, and again when it is chosen anew', async () => {
    const gone = new DOMException('gone', 'NotFoundError');
    const { sound: it, faults } = sound(() => {
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
});
