/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { linkTo, MediaPeer, settle, until, Wire } from '../../../test/support/call-media.js';
import { expectReleased, mediaPair, VIDEO } from '../../../test/support/media-pair.js';
import type { MediaEvent } from '../ports/media.js';

describe('CallMedia', () => {
  let alice: MediaPeer;
  let bob: MediaPeer;
  let wire: Wire;

  beforeEach(() => ({ alice, bob, wire } = mediaPair()));
  afterEach(() => expectReleased(alice, bob));

  /** A video call between both, with video in both directions. Bob, who was called, makes the offer. */
  async function talk(): Promise<void> {
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await seeEachOther();
  }

  async function seeEachOther(): Promise<void> {
    await until('pictures at alice', async () => (await alice.pictures()) > 0);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
    await until('flags at alice', () => alice.remote('bob')?.camera);
    await until('flags at bob', () => bob.remote('alice')?.camera);
  }

  const kinds = (stream: MediaStream | undefined): string[] | undefined =>
    stream?.getTracks().map((track) => track.kind);

  it('sends media in both directions after one offer and one answer', async () => {
    await talk();
    await until('sound at alice', async () => (await alice.soundPackets()) > 0);
    await until('sound at bob', async () => (await bob.soundPackets()) > 0);

    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
    expect(wire.carried[0]).to.include({ from: 'bob' });
    for (const [phone, peer] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      expect(phone.eventsOf('link-up')).to.deep.equal([
        { type: 'link-up', callID: 'call', user: peer.user, device: peer.user, link: 1 },
      ]);
      const remote = phone.remote(peer.user);
      expect(kinds(remote?.stream)).to.deep.equal(['audio', 'video']);
      expect(remote).to.include({ microphone: true, camera: true, screen: undefined });
      expect(phone.local).to.include({ microphone: 'on', camera: 'on', screen: undefined });
      expect(kinds(phone.local?.stream)).to.have.members(['audio', 'video']);
      expect(phone.eventsOf('fault')).to.be.empty;
    }
  });

  it('has streams of each kind that follow the tracks, for elements that play only one', async () => {
    await talk();
    for (const phone of [alice, bob]) {
      const remote = phone.remote(phone === alice ? 'bob' : 'alice');
      expect(kinds(remote?.stream)).to.have.members(['audio', 'video']);
      expect(kinds(remote?.sound)).to.deep.equal(['audio']);
      expect(kinds(remote?.picture)).to.deep.equal(['video']);
      expect(kinds(phone.local?.picture)).to.deep.equal(['video']);
    }
    const { picture } = bob.remote('alice') ?? {};
    await alice.media.setCamera(false);
    await until('no picture', () => kinds(picture)?.length === 0);
    await alice.media.setCamera(true);
    await until('the picture again', () => kinds(picture)?.length === 1);
  });

  it('keeps every stream the same object for the whole call', async () => {
    await talk();
    await alice.media.setCamera(false);
    await alice.media.setCamera(true);
    await until(
      'the camera again',
      () => bob.eventsOf('remote').filter((e) => e.media?.camera).length > 1,
    );

    const distinct = (events: (MediaStream | undefined)[]): number =>
      new Set(events.filter((stream) => stream !== undefined)).size;
    expect(distinct(alice.eventsOf('local').map((event) => event.media.stream))).to.equal(1);
    expect(distinct(bob.eventsOf('remote').map((event) => event.media?.stream))).to.equal(1);
  });

  it('uses only the given ICE servers, read for each link', async () => {
    let iceServers: RTCIceServer[] = [];
    let iceTransportPolicy: RTCIceTransportPolicy | undefined = undefined;
    const carol = new MediaPeer('carol', {
      iceServers: () => iceServers,
      iceTransportPolicy: () => iceTransportPolicy,
    });
    const ref = { callID: 'call', self: 'carol', user: 'dave', device: 'dave', initiator: true };
    carol.media.openLink({ ...ref, link: 1 });
    await until('the first connection', () => carol.connections.length === 1);
    iceServers = [{ urls: 'turn:127.0.0.1:9', username: 'u', credential: 'c' }];
    iceTransportPolicy = 'relay';
    carol.media.openLink({ ...ref, link: 2 });
    await until('the second connection', () => carol.connections.length === 2);

    const used = carol.connections.map(({ configuration }) => configuration);
    expect(used.map((configuration) => configuration?.iceServers)).to.deep.equal([[], iceServers]);
    expect(used.map((configuration) => configuration?.iceTransportPolicy)).to.deep.equal([
      undefined,
      'relay',
    ]);
    carol.media.destroy();
    await settle();
    expect(carol.openConnections).to.equal(0);
  });

  it('offers three media sections with the codecs that every browser supports', async () => {
    await talk();
    const [{ data }] = wire.carried as [(typeof wire.carried)[0]];
    const [, ...sections] = String(data['sdp']).split(/^m=/m);
    expect(sections.map((section) => section.split(' ')[0])).to.deep.equal([
      'audio',
      'video',
      'video',
      'application',
    ]);
    const codecs = sections.map((section) => [
      ...new Set([...section.matchAll(/^a=rtpmap:\d+ ([^/]+)/gm)].map(([, name]) => name)),
    ]);
    expect(codecs[0]).to.deep.equal(['opus']);
    expect(codecs[1]).to.include('VP8').and.not.include('VP9').and.not.include('AV1');
    expect(codecs[2]).to.deep.equal(['VP8', 'rtx']);
    for (const section of sections.slice(0, 3)) expect(section).to.include('a=sendrecv');
  });

  it('shows the flags of a description, and a camera only when its packets have arrived', async () => {
    wire.withoutCandidates = true;
    alice.media.open('call', VIDEO);
    await until('the camera', () => alice.local?.camera === 'on');
    await until('the microphone', () => alice.local?.microphone === 'on');
    wire.link(bob, alice);
    const remote = await until('the answer', () => bob.remote('alice'));
    expect(remote).to.include({ microphone: true, camera: true, screen: undefined });
    expect(kinds(remote.stream)).to.deep.equal(['audio']);
    expect(kinds(remote.picture)).to.deep.equal([]);
    expect(alice.remote('bob')).to.include({ microphone: false, camera: false });
    expect(bob.eventsOf('link-up')).to.be.empty;
  });

  it('prefers flags from the data channel to those of a late description', async () => {
    await talk();
    await bob.media.setCamera(false);
    await until('the announced state', () => alice.remote('bob')?.camera === false);
    const offer = wire.carried.find(({ data }) => data['type'] === 'offer')?.data;
    const media = { microphone: true, camera: true, screen: true };
    alice.media.signal(linkTo('bob', 1), { ...offer, media });
    await until('its answer', () => wire.descriptions.answer === 2);
    await settle();
    expect(alice.remote('bob')).to.include({ camera: false, screen: undefined });
  });

  it('does not delay the other side while a prompt is open, and does not renegotiate when it is answered', async () => {
    const answers = [bob.devices.hold('audio'), bob.devices.hold('video')];
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
    await until('sound at bob', async () => (await bob.soundPackets()) > 0);
    expect(bob.local).to.include({ stream: undefined, microphone: 'pending', camera: 'pending' });
    expect(alice.remote('bob')).to.include({ microphone: false, camera: false });
    expect(await alice.pictures()).to.equal(0);

    for (const answer of answers) answer();
    await seeEachOther();
    await until('sound at alice', async () => (await alice.soundPackets()) > 0);
    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
  });

  it('sends local media that is opened after the link, on the answering side as well', async () => {
    wire.link(bob, alice);
    await until(
      'the link',
      () => alice.eventsOf('link-up').length && bob.eventsOf('link-up').length,
    );
    expect(alice.devices.requests).to.be.empty;
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    await seeEachOther();
    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
    expect(alice.connections).to.have.length(1);
  });

  it('releases the camera when it is switched off, and requests it again when it is switched on', async () => {
    await talk();
    await bob.media.setCamera(false);
    expect(bob.devices.issued.find((track) => track.kind === 'video')?.readyState).to.equal(
      'ended',
    );
    expect(bob.local).to.include({ camera: 'off', microphone: 'on' });
    await until('the announced state', () => alice.remote('bob')?.camera === false);
    expect(kinds(alice.remote('bob')?.stream)).to.deep.equal(['audio']);

    const seen = await alice.pictures();
    await bob.media.setCamera(true);
    expect(bob.local).to.include({ camera: 'on' });
    await until('new pictures', async () => (await alice.pictures()) > seen);
    await until('the announced state', () => alice.remote('bob')?.camera);
    expect(kinds(alice.remote('bob')?.stream)).to.deep.equal(['audio', 'video']);
    expect(bob.devices.requests.filter(({ video }) => video)).to.have.length(2);
    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
  });

  it('mutes the microphone without releasing it', async () => {
    await talk();
    await bob.media.setMicrophone(false);
    const [sound] = bob.devices.issued.filter((track) => track.kind === 'audio');
    expect(sound).to.include({ enabled: false, readyState: 'live' });
    expect(bob.local).to.include({ microphone: 'off', camera: 'on' });
    await until('the announced state', () => alice.remote('bob')?.microphone === false);

    await bob.media.setMicrophone(true);
    expect(sound).to.include({ enabled: true, readyState: 'live' });
    await until('the announced state', () => alice.remote('bob')?.microphone);
    expect(bob.devices.requests.filter(({ audio }) => audio)).to.have.length(1);
  });

  it('continues with audio only when the camera is denied', async () => {
    bob.devices.reject('video', 'NotAllowedError');
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('sound at alice', async () => (await alice.soundPackets()) > 0);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
    await until('the announced state', () => alice.remote('bob')?.microphone);

    expect(bob.eventsOf('fault').map(({ fault }) => [fault.kind, fault.name])).to.deep.equal([
      ['camera', 'NotAllowedError'],
    ]);
    expect(bob.local).to.include({ microphone: 'on', camera: 'unavailable' });
    expect(alice.remote('bob')).to.include({ camera: false });
    expect(kinds(alice.remote('bob')?.stream)).to.deep.equal(['audio']);
  });

  it('only receives if there are no media devices', async () => {
    const carol = new MediaPeer('carol', { mediaDevices: () => undefined });
    wire = new Wire(alice, carol);
    alice.media.open('call', VIDEO);
    carol.media.open('call', VIDEO);
    wire.link(carol, alice);
    await until('pictures at carol', async () => (await carol.pictures()) > 0);

    expect(carol.eventsOf('fault').map(({ fault }) => [fault.kind, fault.name])).to.deep.equal([
      ['microphone', 'NotSupportedError'],
      ['camera', 'NotSupportedError'],
    ]);
    expect(carol.local).to.include({
      stream: undefined,
      microphone: 'unavailable',
      camera: 'unavailable',
    });
    await carol.media.shareScreen(true);
    expect(carol.eventsOf('fault').at(-1)?.fault).to.include({
      kind: 'screen',
      name: 'NotSupportedError',
    });
    carol.media.destroy();
    await settle();
    expect(carol.openConnections).to.equal(0);
  });

  it('reports failed links, and does not throw, without WebRTC', async () => {
    const carol = new MediaPeer('carol', {
      mediaDevices: () => undefined,
      RTCPeerConnection: () => undefined,
    });
    carol.media.open('call', VIDEO);
    const ref = { ...linkTo('bob', 1), callID: 'call', self: 'carol', initiator: true };
    carol.media.openLink(ref);
    carol.media.signal(linkTo('bob', 1), { type: 'answer', sdp: '' });
    expect(carol.eventsOf('link-failed')).to.be.empty;
    await settle();
    expect(carol.eventsOf('link-failed')).to.deep.equal([
      { type: 'link-failed', callID: 'call', user: 'bob', device: 'bob', link: 1 },
    ]);
    expect(carol.eventsOf('remote')).to.be.empty;
    expect(await carol.media.quality('bob')).to.equal(undefined);
    carol.media.close('call');
    carol.media.destroy();
  });

  it('shares a screen in addition to the camera, until the user ends it in the browser', async () => {
    await talk();
    await bob.media.shareScreen(true);
    await until('the screen', async () => (await alice.pictures(2)) > 0);
    const shown = await until('the announced state', () => alice.remote('bob')?.screen);
    expect(kinds(shown)).to.deep.equal(['video']);
    expect(kinds(bob.local?.screen)).to.deep.equal(['video']);
    expect(kinds(alice.remote('bob')?.stream)).to.deep.equal(['audio', 'video']);

    const track = bob.local?.screen?.getTracks()[0];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
    expect(bob.local?.screen).to.equal(undefined);
    await until('the announced state', () => alice.remote('bob')?.screen === undefined);

    await bob.media.shareScreen(true);
    expect(await until('the screen again', () => alice.remote('bob')?.screen)).to.equal(shown);
    await bob.media.shareScreen(false);
    expect(bob.local?.screen).to.equal(undefined);
    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
  });

  it('reports a failed link once when the other side closes it, and nothing when this side does', async () => {
    await talk();
    bob.media.close('call');
    await until('the end', () => alice.timers.length);
    await settle();
    // Reported after 500 ms: the cause may arrive by signalling before.
    expect(alice.eventsOf('link-failed')).to.be.empty;
    expect(alice.timers.map(({ ms }) => ms)).to.deep.equal([500]);
    alice.timers[0]?.run();
    expect(alice.eventsOf('link-failed')).to.deep.equal([
      { type: 'link-failed', callID: 'call', user: 'bob', device: 'bob', link: 1 },
    ]);
    expect(alice.remote('bob')).to.equal(undefined);
    expect(alice.eventsOf('remote').at(-1)).to.deep.equal({
      type: 'remote',
      user: 'bob',
      media: undefined,
    });
    expect(bob.eventsOf('link-failed')).to.be.empty;
    expect(alice.openConnections).to.equal(0);
  });

  it('closes everything within the same task', async () => {
    await talk();
    await bob.media.shareScreen(true);
    expect(bob.devices.live).to.equal(3);
    bob.media.close('call');
    expect(bob.devices.live).to.equal(0);
    await Promise.resolve();
    expect(bob.openConnections).to.equal(0);
    expect(bob.local).to.deep.equal({
      stream: undefined,
      picture: undefined,
      screen: undefined,
      microphone: 'off',
      camera: 'off',
      microphoneProblem: undefined,
      cameraProblem: undefined,
      microphoneMutedBySystem: false,
      cameraMutedBySystem: false,
      speakingWhileMuted: false,
      facing: undefined,
      sharedScreen: undefined,
    });
    expect(bob.remote('alice')).to.equal(undefined);
  });

  it('stops a track that an open prompt yields after the end of the call', async () => {
    const answers = [bob.devices.hold('audio'), bob.devices.hold('video')];
    bob.media.open('call', VIDEO);
    const sharing = bob.media.shareScreen(true);
    await settle();
    bob.media.close('call');
    const eventCount = bob.events.length;
    for (const answer of answers) answer();
    await until('all three', () => bob.devices.issued.length === 3);
    await sharing;
    await settle();
    expect(bob.devices.live).to.equal(0);
    expect(bob.events).to.have.length(eventCount);
  });

  it('closes the previous call when the next one is opened', async () => {
    await talk();
    const [first] = bob.connections;
    alice.media.open('next', VIDEO);
    bob.media.open('next', VIDEO);
    await Promise.resolve();
    expect(first?.signalingState).to.equal('closed');
    expect(bob.remote('alice')).to.equal(undefined);
    bob.media.close('call');
    expect(bob.local).to.include({ microphone: 'pending' });

    wire.link(bob, alice, 2, 'next');
    await seeEachOther();
    expect(bob.eventsOf('link-up').at(-1)).to.include({ callID: 'next', link: 2 });
    expect(bob.eventsOf('link-failed')).to.be.empty;
  });

  it('restarts ICE on the offering side when a link is down', async () => {
    await talk();
    const [atBob] = bob.connections;
    const [atAlice] = alice.connections;
    const fragment = (): string | undefined =>
      /a=ice-ufrag:(\S+)/.exec(atAlice?.remoteDescription?.sdp ?? '')?.[1];
    const before = fragment();

    atAlice?.overrideState('disconnected');
    expect(alice.eventsOf('link-down')).to.have.length(1);
    expect(await alice.media.quality('bob')).to.equal(0);
    atBob?.overrideState('disconnected');
    expect(bob.eventsOf('link-down')).to.deep.equal([
      { type: 'link-down', callID: 'call', user: 'alice', device: 'alice', link: 1 },
    ]);
    await until('a second answer', () => wire.descriptions.answer === 2);
    await until('stable', () => atBob?.signalingState === 'stable');
    expect(wire.descriptions).to.deep.equal({ offer: 2, answer: 2 });
    expect(fragment()).not.to.equal(before);

    atBob?.overrideState(undefined);
    atAlice?.overrideState(undefined);
    await until('up again', () => bob.eventsOf('link-up').length === 2);
    await until('up again', () => alice.eventsOf('link-up').length === 2);
    const seen = await bob.pictures();
    await until('pictures go on', async () => (await bob.pictures()) > seen);
    expect(bob.eventsOf('link-failed')).to.be.empty;
    expect(bob.timers).to.be.empty;
    expect(bob.connections).to.have.length(1);
  });

  it('reports a failed link when the ICE restart takes ten seconds', async () => {
    await talk();
    alice.connections[0]?.overrideState('disconnected');
    expect(alice.timers.map(({ ms }) => ms)).to.deep.equal([10_000]);
    alice.timers[0]?.run();
    await settle();
    alice.timers[0]?.run();
    expect(alice.eventsOf('link-failed')).to.have.length(1);
    expect(alice.openConnections).to.equal(0);
  });

  it('reports nothing about a link that the other side closed if this side closes it too', async () => {
    await talk();
    bob.media.close('call');
    await until('the end', () => alice.timers.length);
    alice.media.close('call');
    expect(alice.timers).to.be.empty;
    expect(alice.eventsOf('link-failed')).to.be.empty;
  });

  it('replaces an old link by a new one, in the same streams', async () => {
    await talk();
    const before = bob.remote('alice')?.stream;
    const [first] = bob.connections;
    wire.link(bob, alice, 2);
    await until('the new link', () => bob.eventsOf('link-up').some((event) => event.link === 2));
    await seeEachOther();
    await until('pictures shown', () => kinds(bob.remote('alice')?.stream)?.includes('video'));
    expect(first?.signalingState).to.equal('closed');
    expect(bob.remote('alice')?.stream).to.equal(before);
    expect(bob.eventsOf('link-failed')).to.be.empty;

    const eventCount = bob.events.length;
    bob.media.signal(linkTo('alice', 1), { type: 'answer', sdp: 'of the old link' });
    bob.media.closeLink(linkTo('alice', 1));
    await settle();
    expect(bob.events.slice(eventCount).filter((event) => event.type.startsWith('link'))).to.be
      .empty;
    expect(bob.openConnections).to.equal(1);
  });

  it('links three members pairwise', async () => {
    const carol = new MediaPeer('carol');
    wire = new Wire(alice, bob, carol);
    for (const phone of [alice, bob, carol]) phone.media.open('call', VIDEO);
    wire.link(bob, alice);
    wire.link(carol, alice);
    wire.link(bob, carol);
    for (const phone of [alice, bob, carol]) {
      await until('two links', () => phone.eventsOf('link-up').length === 2);
      for (const connection of phone.connections) {
        await until('pictures', async () => (await phone.pictures(1, connection)) > 0);
      }
    }
    expect(wire.descriptions).to.deep.equal({ offer: 3, answer: 3 });
    expect(alice.devices.requests).to.have.length(2);

    carol.media.closeLink(linkTo('bob', 1));
    await until('the end', () => bob.timers.length);
    bob.timers[0]?.run();
    expect(bob.eventsOf('link-failed')).to.have.length(1);
    expect(bob.remote('carol')).to.equal(undefined);
    expect(bob.remote('alice')).not.to.equal(undefined);
    carol.media.destroy();
    await settle();
    expect([carol.devices.live, carol.openConnections]).to.deep.equal([0, 0]);
  });

  it('reports the quality of a link', async () => {
    expect(await bob.media.quality('alice')).to.equal(undefined);
    await talk();
    const rated = await until('a rating', () => bob.media.quality('alice'));
    expect(rated).to.be.within(1, 3);
    expect(await bob.media.quality('nobody')).to.equal(undefined);
  });

  it('measures the audio levels of both users, and 0 for a muted one', async () => {
    expect((await bob.media.audioLevels('bob')).size).to.equal(0);
    await talk();
    // Browsers measure audio that is played. Their fake microphone beeps once per second.
    const player = new Audio();
    player.srcObject = bob.remote('alice')?.stream ?? null;
    await player.play();
    await until('a level of both users', async () => {
      const levels = await bob.media.audioLevels('bob');
      return (levels.get('alice') ?? 0) > 0;
    });
    await until('a level of the own microphone', async () => {
      const levels = await bob.media.audioLevels('bob');
      return (levels.get('bob') ?? 0) > 0;
    });
    for (const level of (await bob.media.audioLevels('bob')).values()) {
      expect(level).to.be.within(0, 1);
    }
    await alice.media.setMicrophone(false);
    await until('the other is mute', async () => bob.remote('alice')?.microphone === false);
    expect((await bob.media.audioLevels('bob')).get('alice')).to.equal(0);
    await bob.media.setMicrophone(false);
    expect((await bob.media.audioLevels('bob')).get('bob')).to.equal(0);
    player.srcObject = null;
  });

  it('ignores signalling data that is malformed, for no link, or unexpected', async () => {
    bob.media.signal(linkTo('alice', 1), { type: 'offer', sdp: 'v=0' });
    await talk();
    await until(
      'the end of the verification',
      () => bob.eventsOf('verification').at(-1)?.verification?.state === 'ready',
    );
    await until('all candidates', () => bob.connections[0]?.iceGatheringState === 'complete');
    const eventCount = bob.events.length;
    const offer = wire.carried.find(({ data }) => data['type'] === 'offer')?.data ?? {};
    const answer = wire.carried.find(({ data }) => data['type'] === 'answer')?.data ?? {};
    for (const data of [
      {},
      { type: 'offer' },
      { type: 'candidate', candidate: 'no object' },
      { candidate: { candidate: 'candidate:junk' } },
      { candidate: { candidate: 7, sdpMid: null } },
      { renegotiate: true },
      { transceiverRequest: { kind: 'video' } },
      { ...offer },
      { ...answer },
    ] as Record<string, unknown>[]) {
      bob.media.signal(linkTo('alice', 1), data);
      bob.media.signal(linkTo('alice', 2), data);
      bob.media.signal(linkTo('nobody', 1), data);
    }
    for (const data of [{ ...answer }, { renegotiate: true }, { candidate: {} }]) {
      alice.media.signal(linkTo('bob', 1), data);
    }
    const seen = await bob.pictures();
    await until('pictures go on', async () => (await bob.pictures()) > seen);
    expect(bob.events.slice(eventCount).map((event) => JSON.stringify(event))).to.be.empty;
    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
  });

  it('does nothing after it was destroyed', async () => {
    await talk();
    bob.media.destroy();
    const received: MediaEvent[] = [];
    bob.media.listen((event) => received.push(event));
    const asked = bob.devices.requests.length;
    bob.media.open('next', VIDEO);
    wire.link(bob, alice, 2);
    await bob.media.setCamera(true);
    await settle();
    expect(received).to.be.empty;
    expect(bob.devices.requests).to.have.length(asked);
    expect(bob.connections).to.have.length(1);
  });

  it('captures nothing, and creates no peer connection, before a call', async () => {
    await alice.media.setMicrophone(true);
    await alice.media.setCamera(true);
    await alice.media.shareScreen(true);
    await alice.media.selectDevice('videoinput', 'back');
    alice.media.signal(linkTo('bob', 1), { type: 'offer', sdp: 'v=0' });
    expect(alice.devices.requests).to.be.empty;
    expect(alice.devices.issued).to.be.empty;
    expect(alice.connections).to.be.empty;
    await settle();
    expect(alice.events.map(({ type }) => type)).to.deep.equal(['devices']);
  });
});
