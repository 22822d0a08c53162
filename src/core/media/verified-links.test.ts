/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { linkTo, MediaPeer, settle, until, Wire } from '../../../test/support/call-media.js';
import type { Signal } from '../../../test/support/call-media.js';
import type { Verification } from '../ports/media.js';

const VOICE = { microphone: false, camera: false, callType: 'voice' } as const;

const verificationOf = (peer: MediaPeer, user: string): Verification | undefined =>
  peer.eventsOf('verification').findLast((event) => event.user === user)?.verification;

const symbols = (verification: Verification | undefined): string =>
  (verification?.emoji ?? []).map(({ symbol }) => symbol).join(' ');

/** Replaces every fingerprint by another one. */
const swapped = (sdp: unknown): string =>
  String(sdp).replace(/^(a=fingerprint:sha-256 )\S+/gm, `$1${Array(32).fill('AB').join(':')}`);

describe('verification of real links', () => {
  const peers: MediaPeer[] = [];
  const peer = (user: string, options = {}): MediaPeer => {
    const created = new MediaPeer(user, options);
    peers.push(created);
    created.media.open('call', VOICE);
    return created;
  };

  afterEach(async () => {
    for (const { media } of peers) media.destroy();
    await settle();
    for (const { user, openConnections, timers } of peers.splice(0)) {
      expect(openConnections, `connections of ${user}`).to.equal(0);
      expect(timers, `timers of ${user}`).to.be.empty;
    }
  });

  const ready = (one: MediaPeer, other: MediaPeer): Promise<unknown> =>
    until(`emoji of ${one.user}`, () => verificationOf(one, other.user)?.state === 'ready');

  /** Waits until the link is closed because it may be intercepted, and lets the time pass after which that is reported. */
  const closed = async (one: MediaPeer): Promise<void> => {
    const wait = await until(`the end at ${one.user}`, () =>
      one.timers.find(({ ms }) => ms === 500),
    );
    expect(verificationOf(one, one === peers[0] ? 'bob' : 'alice')?.state).to.equal('failed');
    expect(one.eventsOf('link-failed')).to.be.empty;
    wait.run();
  };

  it('gives both ends the same seven emoji, and others when the link is rebuilt, with the same certificates', async () => {
    const [alice, bob] = [peer('alice'), peer('bob')];
    const wire = new Wire(alice, bob);
    wire.link(bob, alice);
    await Promise.all([ready(alice, bob), ready(bob, alice)]);
    const first = symbols(verificationOf(alice, 'bob'));
    expect(first.split(' ')).to.have.length(7);
    expect(symbols(verificationOf(bob, 'alice'))).to.equal(first);

    wire.link(bob, alice, 2);
    await until('other emoji', () => {
      const [atAlice, atBob] = [verificationOf(alice, 'bob'), verificationOf(bob, 'alice')];
      return symbols(atAlice) && symbols(atAlice) === symbols(atBob) && symbols(atAlice) !== first;
    });
    const prints = wire.carried.flatMap(({ from, data }) =>
      [...String(data['sdp']).matchAll(/^a=fingerprint:(.*)$/gm)].map(
        ([, print]) => `${from} ${print?.trim()}`,
      ),
    );
    expect(new Set(prints).size).to.equal(2);
  });

  it('shows different emoji if a man in the middle ends both links', async () => {
    const [alice, bob] = [peer('alice'), peer('bob')];
    // The attacker has a device towards each of them, which poses as the other one.
    const [toAlice, toBob] = [peer('bob'), peer('alice')];
    new Wire(alice, toAlice).link(toAlice, alice);
    new Wire(bob, toBob).link(bob, toBob);
    await Promise.all([ready(alice, bob), ready(bob, alice)]);
    expect(symbols(verificationOf(alice, 'bob'))).not.to.equal(
      symbols(verificationOf(bob, 'alice')),
    );
  });

  it('closes both ends when a man in the middle replaces the fingerprints but does not end the links', async () => {
    const [alice, bob] = [peer('alice'), peer('bob')];
    const wire = new Wire(alice, bob);
    wire.alter = swapped;
    wire.link(bob, alice);
    await Promise.all([alice, bob].map(closed));
    for (const one of [alice, bob]) {
      expect(one.eventsOf('link-failed').map(({ isIntercepted }) => isIntercepted)).to.deep.equal([
        true,
      ]);
      expect(one.eventsOf('verification').at(-1)?.why).to.equal('certificate');
    }
  });

  it('closes a link when a later description has another fingerprint, and reports why', async () => {
    const [alice, bob] = [peer('alice'), peer('bob')];
    const wire = new Wire(alice, bob);
    wire.link(bob, alice);
    await Promise.all([ready(alice, bob), ready(bob, alice)]);
    const { data } = wire.carried.find(({ data: { type } }) => type === 'offer') as Signal;
    alice.media.signal(linkTo('bob', 1), { ...data, sdp: swapped(data['sdp']) });
    await closed(alice);
    expect(alice.eventsOf('link-failed')).to.deep.equal([
      { type: 'link-failed', callID: 'call', ...linkTo('bob', 1), isIntercepted: true },
    ]);
    expect(alice.eventsOf('verification').at(-1)).to.deep.equal({
      type: 'verification',
      user: 'bob',
      verification: { state: 'failed', emoji: [] },
      why: 'fingerprint',
    });
    expect(alice.openConnections).to.equal(0);
  });

  it('closes a rebuilt link if a device that was verified has another certificate', async () => {
    const [alice, bob] = [peer('alice'), peer('bob')];
    new Wire(alice, bob).link(bob, alice);
    await Promise.all([ready(alice, bob), ready(bob, alice)]);
    const attacker = peer('bob');
    new Wire(alice, attacker).link(attacker, alice, 2);
    await closed(alice);
    expect(alice.eventsOf('verification').at(-1)?.why).to.equal('fingerprint');
  });

  it('accepts no fingerprint that is missing or weak', async () => {
    const alice = peer('alice');
    const bob = peer('bob');
    const wire = new Wire(bob);
    wire.link(bob, alice);
    const { data } = await until('an offer', () => wire.carried[0]);
    const sdp = String(data['sdp']).replace(/^a=fingerprint:.*\r\n/gm, '');
    alice.media.signal(linkTo('bob', 1), { ...data, sdp });
    await closed(alice);
    expect(alice.eventsOf('verification').at(-1)?.why).to.equal('fingerprint');
  });

  it('is unavailable if the other side does not answer, as an older build', async () => {
    const alice = peer('alice');
    class Old extends RTCPeerConnection {
      // Without certificates of its own, a device does not take part.
      static override generateCertificate(): Promise<RTCCertificate> {
        return Promise.reject(new Error('not supported'));
      }
    }
    const old = peer('old', { RTCPeerConnection: () => Old });
    new Wire(alice, old).link(old, alice);
    await until('a link', () => alice.eventsOf('link-up').length);
    await until('a timer', () => alice.timers.length);
    for (const { run } of [...alice.timers]) run();
    await until('unavailable', () => verificationOf(alice, 'old')?.state === 'unavailable');
    expect(verificationOf(old, 'alice')?.state).to.equal('unavailable');
  });
});
