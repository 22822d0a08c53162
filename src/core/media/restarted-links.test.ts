/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { MediaPeer, settle, until, Wire } from '../../../test/support/call-media.js';
import { expectReleased, mediaPair, VIDEO } from '../../../test/support/media-pair.js';
import type { Signal } from '../../../test/support/call-media.js';

/** ICE restarts of links that are up, over real connections. */
describe('restarted links', () => {
  let alice: MediaPeer;
  let bob: MediaPeer;
  let wire: Wire;

  beforeEach(() => ({ alice, bob, wire } = mediaPair()));
  afterEach(() => expectReleased(alice, bob));

  /** A video call. Bob makes the offers. */
  async function talk(): Promise<void> {
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('pictures at alice', async () => (await alice.pictures()) > 0);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
  }

  const connection = (peer: MediaPeer): RTCPeerConnection => {
    const found = peer.connections.at(-1);
    if (!found) throw new Error('no connection');
    return found;
  };
  const ufrag = (description: RTCSessionDescription | null): string =>
    /^a=ice-ufrag:(\S+)/m.exec(description?.sdp ?? '')?.[1] ?? '';
  /** The candidates of a description, after it. */
  const separated = (data: Record<string, unknown>): Record<string, unknown>[] => {
    const candidates = String(data['sdp']).matchAll(/^a=(candidate:.*)\r\n/gm);
    return [
      'sdp' in data
        ? { ...data, sdp: String(data['sdp']).replace(/^a=candidate:.*\r\n/gm, '') }
        : data,
      ...[...candidates].map(([, candidate]) => ({
        type: 'candidate',
        candidate: { candidate, sdpMLineIndex: 0, sdpMid: '0' },
      })),
    ];
  };
  const own = (peer: MediaPeer): string => ufrag(connection(peer).localDescription);

  /** Whether both ends use the same new credentials, and nothing is outstanding. */
  const agrees = (before: readonly string[]): boolean =>
    [alice, bob].every((peer) => connection(peer).signalingState === 'stable') &&
    own(alice) === ufrag(connection(bob).remoteDescription) &&
    own(bob) === ufrag(connection(alice).remoteDescription) &&
    !before.includes(own(alice)) &&
    !before.includes(own(bob));

  /** Checks that media flow over the restarted route, and that the link was never interrupted. */
  async function isRestarted(before: readonly string[]): Promise<void> {
    await until('new credentials at both ends', () => agrees(before));
    for (const peer of [alice, bob]) {
      await until('a connection', () => connection(peer).iceConnectionState === 'connected');
      const seen = await peer.pictures();
      await until('further pictures', async () => (await peer.pictures()) > seen);
      expect(peer.eventsOf('link-down')).to.be.empty;
      expect(peer.eventsOf('link-failed')).to.be.empty;
      expect(peer.eventsOf('link-up')).to.have.length(1);
      expect(peer.connections).to.have.length(1);
    }
    expect(wire.carried.filter(({ data }) => data['type'] === 'offer').map(({ from }) => from))
      .to.include('bob')
      .and.not.include('alice');
  }

  it('get new credentials by one offer of the offerer', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    bob.media.restartLinks?.();
    await isRestarted(before);
    expect(wire.descriptions).to.deep.equal({ offer: 2, answer: 2 });
  });

  it('get new credentials when the other side asks the offerer', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    alice.media.restartLinks?.();
    await isRestarted(before);
    expect(wire.descriptions).to.deep.equal({ offer: 2, answer: 2 });
    expect(wire.carried.filter(({ data }) => data['type'] === 'restart')).to.have.length(1);
  });

  it('survive a restart by both sides at once', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    // Like two devices that change their network together: the offer and the request meet on their way.
    const late: (() => void)[] = [];
    wire.deliver = (_, pass) => void late.push(pass);
    alice.media.restartLinks?.();
    bob.media.restartLinks?.();
    await until('an offer and a request', () => {
      const types = wire.carried.slice(-late.length).map(({ data }) => data['type']);
      return types.includes('offer') && types.includes('restart');
    });
    wire.deliver = (_, pass) => queueMicrotask(() => pass());
    for (const pass of late) pass();
    await isRestarted(before);
  });

  it('survive restarts that both sides repeat, whatever the delay of the signals', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    // Signals of one side stay in order, as over one connection.
    const last: Record<string, Promise<void>> = {};
    let delay = 0;
    wire.deliver = ({ from }, pass) => {
      const ms = (delay = (delay + 7) % 31);
      last[from] = (last[from] ?? Promise.resolve()).then(async () => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        pass();
      });
    };
    for (const [index, peer] of [alice, bob, bob, alice, bob, alice, alice, bob].entries()) {
      peer.media.restartLinks?.();
      await new Promise((resolve) => setTimeout(resolve, (index * 13) % 40));
    }
    await isRestarted(before);
  });

  it('replace an offer that was lost', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    wire.deliver = () => {};
    bob.media.restartLinks?.();
    await until('the lost offer', () => wire.descriptions.offer === 2);
    wire.deliver = (_, pass) => queueMicrotask(() => pass());
    bob.media.restartLinks?.();
    await isRestarted(before);
    expect(wire.descriptions).to.deep.equal({ offer: 3, answer: 2 });
  });

  it('ignore the answer to an offer that was replaced, and its candidates', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    const late: (() => void)[] = [];
    wire.deliver = ({ from, data }, pass) => {
      if (from === 'bob') queueMicrotask(() => pass());
      // Each candidate by itself, as earlier versions send them.
      else for (const part of separated(data)) late.push(() => pass(part));
    };
    bob.media.restartLinks?.();
    await until('the first answer', () => wire.descriptions.answer === 2);
    bob.media.restartLinks?.();
    await until('the second answer', () => wire.descriptions.answer === 3);
    await until('candidates', () => late.length > 2);
    wire.deliver = (_, pass) => queueMicrotask(() => pass());
    for (const pass of late) pass();
    await isRestarted(before);
  });

  it('work with a side that numbers no offers, and ignores the request, as earlier versions do', async () => {
    const withoutNumber = ({ data }: Signal): Record<string, unknown> => {
      const { offer: _, ...rest } = data;
      return rest;
    };
    wire.deliver = (signal, pass) =>
      queueMicrotask(() => {
        if (signal.data['type'] !== 'restart') pass(withoutNumber(signal));
      });
    await talk();
    const before = [own(alice), own(bob)];
    alice.media.restartLinks?.();
    bob.media.restartLinks?.();
    await isRestarted(before);
  });

  it('use the ICE servers of the moment', async () => {
    let iceServers: RTCIceServer[] = [];
    bob.media.destroy();
    bob = new MediaPeer('bob', { iceServers: () => iceServers });
    wire = new Wire(alice, bob);
    await talk();
    iceServers = [{ urls: 'turn:127.0.0.1:9', username: 'u', credential: 'c' }];
    const before = [own(alice), own(bob)];
    bob.media.restartLinks?.();
    await isRestarted(before);
    const used = connection(bob)
      .getConfiguration()
      .iceServers?.map(({ urls }) => urls);
    expect(used).to.deep.equal([['turn:127.0.0.1:9']]);
  });

  it('do nothing before they have been up', async () => {
    wire.deliver = () => {};
    wire.link(bob, alice);
    await until('an offer', () => wire.descriptions.offer === 1);
    for (const peer of [alice, bob]) peer.media.restartLinks?.();
    await settle();
    expect(wire.carried.filter(({ data }) => 'type' in data && data['type'] === 'restart')).to.be
      .empty;
    expect(wire.descriptions.offer).to.equal(1);
  });

  it('restart once more when one goes down during a restart', async () => {
    await talk();
    const before = [own(alice), own(bob)];
    wire.deliver = () => {};
    bob.media.restartLinks?.();
    await until('the lost offer', () => wire.descriptions.offer === 2);
    wire.deliver = (_, pass) => queueMicrotask(() => pass());
    bob.connections.at(-1)?.overrideState('disconnected');
    await until('new credentials at both ends', () => agrees(before));
    expect(bob.eventsOf('link-down')).to.have.length(1);
    bob.connections.at(-1)?.overrideState(undefined);
    await until('up again', () => bob.eventsOf('link-up').length === 2);
  });

  it('tell the other side how well this one is connected', async () => {
    await talk();
    alice.media.tellConnection?.('poor');
    await until('the report', () => {
      bob.readStatistics();
      return bob.eventsOf('link-report').some(({ report }) => report.told === 'poor');
    });
    const { report, user } = bob.eventsOf('link-report').at(-1) ?? {};
    expect([user, report?.quality]).to.deep.equal(['alice', 3]);
  });
});
