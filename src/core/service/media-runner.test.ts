import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordingMedia, NOTHING_OPEN } from '../../../test/support/recording-media.js';
import {
  CallError,
  createStage,
  type Phone,
  type Stage,
} from '../../../test/support/service-stage.js';
import type { CallMedia } from '../ports/media.js';

/** A stream is only handed on here: an object will do. */
const stream = (): MediaStream => ({}) as unknown as MediaStream;

async function call(stage: Stage, alice: Phone, bob: Phone, callType: 'voice' | 'video' = 'video') {
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType, callID: 'c' });
  await stage.settle();
  await bob.service.accept();
  await stage.settle();
}

const errorsOf = ({ heard }: Phone): unknown[] =>
  heard.flatMap(([name, error]) => (name === 'onError' ? [error] : []));

test('media are loaded once, when a call is first placed or ringing', async () => {
  const stage = createStage();
  const loads: string[] = [];
  const media = (user: string) => (): Promise<CallMedia> => {
    loads.push(user);
    return Promise.resolve(createRecordingMedia());
  };
  const alice = stage.phone('alice', { media: media('alice') });
  const bob = stage.phone('bob', { media: media('bob') });
  await stage.settle();
  assert.deepEqual(loads, []);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.settle();
  assert.deepEqual(loads, ['alice', 'bob']);
  await alice.service.cancel();
  await stage.clock.advance(10_000);
  await bob.service.send({ invitees: ['alice'], callType: 'voice' });
  await stage.settle();
  assert.deepEqual(loads, ['alice', 'bob']);
});

test('what a call wishes while its media load comes in order', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const alice = stage.phone('alice', {
    media: () => new Promise((resolve) => (loaded = resolve)),
  });
  const other = createRecordingMedia();
  const bob = stage.phone('bob', { media: other });
  await call(stage, alice, bob);
  const [, link] = /^openLink c alice (\d+) offers$/m.exec(other.calls.join('\n')) ?? [];
  const device = alice.service.deviceID;
  const to = { callID: 'c', user: 'alice', device, link: Number(link) };
  other.tell({ type: 'signal', ...to, data: { offer: 1 } });
  await stage.settle();
  loaded(media);
  await stage.settle();
  assert.deepEqual(media.calls, [
    'listen',
    'open c {"microphone":true,"camera":true,"callType":"video"}',
    `openLink c bob ${link} waits`,
    `signal ${link} {"offer":1}`,
  ]);
});

test('media that come when the call is over open nothing', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const alice = stage.phone('alice', { media: () => new Promise((r) => (loaded = r)) });
  const bob = stage.phone('bob', { media: createRecordingMedia() });
  await call(stage, alice, bob);
  await alice.service.hangUp();
  loaded(media);
  await stage.settle();
  assert.deepEqual(media.calls, ['listen']);
});

test('media that come after the service was destroyed are destroyed', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const alice = stage.phone('alice', { media: () => new Promise((r) => (loaded = r)) });
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  alice.service.destroy();
  loaded(media);
  await stage.settle();
  assert.deepEqual(media.calls, ['listen', 'destroy']);
});

test('media that can’t be loaded are reported, and are tried again while the call lasts', async () => {
  const stage = createStage();
  const cause = new Error('no such file');
  const media = createRecordingMedia();
  let works = false;
  const alice = stage.phone('alice', {
    media: () => (works ? Promise.resolve(media) : Promise.reject(cause)),
  });
  const bob = stage.phone('bob', { media: createRecordingMedia() });
  await call(stage, alice, bob);
  const [error] = errorsOf(alice);
  assert.ok(error instanceof CallError);
  assert.equal(error.code, 'media-failed');
  assert.equal(error.cause, cause);
  assert.equal(alice.status(), 'connecting');
  assert.equal(alice.service.$localMedia.get().microphone, 'unavailable');
  await assert.rejects(alice.service.setMicrophone(false), { code: 'media-failed', cause });
  works = true;
  await alice.service.setMicrophone(false);
  assert.deepEqual(media.calls.slice(0, 2), [
    'listen',
    'open c {"microphone":true,"camera":true,"callType":"video"}',
  ]);
  assert.equal(media.calls.at(-1), 'setMicrophone false');
});

test('a function that throws instead of loading media is tried again at the next call', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  let works = false;
  const alice = stage.phone('alice', {
    media: () => {
      if (!works) throw new Error('no such module');
      return Promise.resolve(media);
    },
  });
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.settle();
  assert.equal(errorsOf(alice).length, 1);
  await alice.service.cancel();
  await stage.clock.advance(5_000);
  works = true;
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'next' });
  await stage.settle();
  assert.equal(errorsOf(alice).length, 1);
  assert.match(media.calls[1] ?? '', /^open next /);
});

/** A phone whose media are not there at once, ringing for Alice's call `c`. */
async function ringing(load: () => Promise<CallMedia>, stage = createStage()) {
  const alice = stage.phone('alice', { media: createRecordingMedia() });
  const bob = stage.phone('bob', { media: load });
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  return { stage, alice, bob, sent: () => stage.log.filter((line) => /^bob sends/.test(line)) };
}

test('an accept is sent once the media are there', async () => {
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const { stage, alice, bob, sent } = await ringing(() => new Promise((r) => (loaded = r)));
  const accepted = bob.service.accept();
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  assert.ok(!sent().includes('bob sends accept'));
  const media = createRecordingMedia();
  loaded(media);
  assert.equal(await accepted, true);
  await stage.settle();
  assert.equal(alice.status(), 'connecting');
  assert.match(media.calls[1] ?? '', /^open c /);
});

test('an accept without media fails, tells nobody that it was accepted, and the call rings on', async () => {
  const cause = new CallError('unavailable', 'Could not load the media: https://cdn.example/m.js');
  const { stage, alice, bob, sent } = await ringing(() => Promise.reject(cause));
  await assert.rejects(bob.service.accept(), {
    code: 'media-failed',
    message: cause.message,
    cause,
  });
  assert.equal(bob.status(), 'incoming');
  assert.ok(!bob.callbackNames().includes('onIncomingCallAcceptButtonPressed'));
  assert.ok(!sent().includes('bob sends accept'));
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(await bob.service.decline(), true);
  await stage.settle();
  assert.deepEqual(alice.callbackNames(), ['onOutgoingCallDeclined']);
});

test('an accept after one that failed loads the media again, and takes the call', async () => {
  let works = false;
  const { stage, alice, bob } = await ringing(() =>
    works ? Promise.resolve(createRecordingMedia()) : Promise.reject(new Error('gone')),
  );
  await assert.rejects(bob.service.accept(), { code: 'media-failed' });
  works = true;
  assert.equal(await bob.service.accept(), true);
  await stage.settle();
  assert.equal(alice.status(), 'connecting');
});

test('media that fail while it rings are one error, also where an accept waits for them', async () => {
  let fail = (_: Error): void => assert.fail('not asked for');
  const { stage, bob } = await ringing(() => new Promise((_, reject) => (fail = reject)));
  const accepted = bob.service.accept();
  fail(new Error('gone'));
  const error: unknown = await accepted.catch((reason: unknown) => reason);
  // As the dialog does with what an accept rejects with.
  bob.service.report(error);
  await stage.settle();
  assert.deepEqual(errorsOf(bob), [error]);
});

test('a call that can’t be accepted here can be at the user’s other devices', async () => {
  const stage = createStage();
  const other = stage.phone('bob', { media: createRecordingMedia() });
  const { alice, bob } = await ringing(() => Promise.reject(new Error('gone')), stage);
  assert.equal(other.status(), 'incoming');
  await assert.rejects(bob.service.accept(), { code: 'media-failed' });
  assert.equal(await other.service.accept(), true);
  await stage.settle();
  assert.equal(alice.status(), 'connecting');
  assert.equal(bob.status(), 'ended: answered-elsewhere');
});

test('an accept that waits for media is forgotten when its call is over', async () => {
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const { stage, alice, bob, sent } = await ringing(() => new Promise((r) => (loaded = r)));
  const accepted = bob.service.accept();
  await alice.service.cancel();
  await stage.clock.advance(10_000);
  await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'next' });
  await stage.settle();
  loaded(createRecordingMedia());
  assert.equal(await accepted, false);
  assert.equal(bob.status(), 'incoming');
  assert.ok(!sent().includes('bob sends accept'));
});

test('a group call is joined with media alone', async () => {
  const stage = createStage();
  const bob = stage.phone('bob', { media: () => Promise.reject(new Error('gone')) });
  await stage.settle();
  await assert.rejects(bob.service.join('c'), { code: 'media-failed' });
});

test('a call starts with what the configuration says', async () => {
  const stage = createStage();
  const [one, other] = [createRecordingMedia(), createRecordingMedia()];
  const alice = stage.phone('alice', { media: one });
  const bob = stage.phone('bob', { media: other });
  alice.config.defaults = { microphoneOn: false };
  bob.config.defaults = { cameraOn: false };
  await call(stage, alice, bob);
  assert.equal(one.calls[1], 'open c {"microphone":false,"camera":true,"callType":"video"}');
  assert.equal(other.calls[1], 'open c {"microphone":true,"camera":false,"callType":"video"}');
});

test('signals of a link go through the wire to the same link', async () => {
  const stage = createStage();
  const [one, other] = [createRecordingMedia(), createRecordingMedia()];
  const alice = stage.phone('alice', { media: one });
  const bob = stage.phone('bob', { media: other });
  await call(stage, alice, bob);
  const opened = other.calls.find((line) => line.startsWith('openLink')) ?? '';
  assert.match(opened, /^openLink c alice \d+ offers$/);
  const link = Number(opened.split(' ')[3]);
  const device = alice.service.deviceID;
  const toAlice = { callID: 'c', user: 'alice', device, link };
  other.tell({ type: 'signal', ...toAlice, data: { type: 'offer', sdp: 'x' } });
  await stage.settle();
  assert.equal(one.calls.at(-1), `signal ${link} {"type":"offer","sdp":"x"}`);
  assert.equal(alice.status(), 'connecting');

  one.tell({ ...toAlice, type: 'link-up', user: 'bob', device: bob.service.deviceID });
  other.tell({ type: 'link-up', ...toAlice });
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
  other.tell({ type: 'link-down', ...toAlice });
  assert.equal(bob.status(), 'reconnecting');
  other.tell({ type: 'link-failed', ...toAlice, callID: 'stale' });
  other.tell({ type: 'link-up', ...toAlice });
  assert.equal(bob.status(), 'active');
});

test('members show what is on, and the streams go with the call', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  const alice = stage.phone('alice', { media });
  const bob = stage.phone('bob', { media: createRecordingMedia() });
  await call(stage, alice, bob);
  const { service } = alice;
  const [local, remote, screen] = [stream(), stream(), stream()];
  media.tell({
    type: 'local',
    media: { stream: local, screen: undefined, microphone: 'on', camera: 'pending' },
  });
  media.tell({
    type: 'remote',
    user: 'bob',
    media: { stream: remote, screen, microphone: false, camera: true },
  });
  const on = service.$call
    .get()
    .members.map(({ microphone, camera, screen }) => [...[microphone, camera, screen]]);
  assert.deepEqual(on, [
    [true, false, false],
    [false, true, true],
  ]);
  assert.equal(service.$localMedia.get().stream, local);
  assert.deepEqual([...service.$remoteMedia.get()], [['bob', { stream: remote, screen }]]);

  await alice.service.hangUp();
  assert.deepEqual(service.$localMedia.get(), NOTHING_OPEN);
  assert.equal(service.$remoteMedia.get().size, 0);
  media.tell({ type: 'local', media: { ...NOTHING_OPEN, stream: stream() } });
  media.tell({
    type: 'remote',
    user: 'bob',
    media: { stream: remote, screen, microphone: true, camera: true },
  });
  assert.deepEqual(service.$localMedia.get(), NOTHING_OPEN);
  assert.equal(service.$remoteMedia.get().size, 0);
});

test('a source that can’t be had is told as onError, and the call goes on', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  const alice = stage.phone('alice', { media });
  const bob = stage.phone('bob', { media: createRecordingMedia() });
  await call(stage, alice, bob);
  const fault = { kind: 'camera', name: 'NotAllowedError', cause: undefined } as const;
  media.tell({ type: 'fault', fault });
  const [error] = errorsOf(alice);
  assert.ok(error instanceof CallError);
  assert.equal(error.code, 'media-failed');
  assert.equal(error.cause, fault);
  assert.equal(alice.status(), 'connecting');
});

test('devices are shown at any time', () => {
  const media = createRecordingMedia();
  const { service } = createStage().phone('alice', { media });
  const devices = { microphones: [], cameras: [], speakers: [], selected: { camera: 'x' } };
  media.tell({ type: 'devices', devices });
  assert.equal(service.$devices.get(), devices);
});

test('the media commands reach the media of the running call', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  const alice = stage.phone('alice', { media });
  const bob = stage.phone('bob', { media: createRecordingMedia() });
  const { service } = alice;
  await stage.settle();
  assert.equal(await service.quality('bob'), undefined);
  assert.equal((await service.audioLevels()).size, 0);
  await assert.rejects(service.setMicrophone(false), { code: 'call-over' });
  await call(stage, alice, bob);
  await service.setMicrophone(false);
  await service.setCamera(true);
  await service.shareScreen(true);
  await service.selectDevice('videoinput', 'back');
  assert.deepEqual(media.calls.slice(-4), [
    ...['setMicrophone false', 'setCamera true', 'shareScreen true'],
    'selectDevice videoinput back',
  ]);
  assert.equal(await service.quality('bob'), 3);
  assert.deepEqual([...(await service.audioLevels())], [['alice', 0.5]]);
  const cause = new Error('NotAllowedError');
  media.fault = cause;
  await assert.rejects(service.shareScreen(true), { code: 'media-failed', cause });
  const late = service.setCamera(true);
  await service.hangUp();
  await assert.rejects(late, { code: 'call-over' });
  await assert.rejects(service.setCamera(true), { code: 'call-over' });
});

test('without media the media commands are unsupported, and a call is active at the accept', async () => {
  const stage = createStage();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await call(stage, alice, bob);
  assert.equal(alice.status(), 'active');
  await assert.rejects(alice.service.setMicrophone(true), { code: 'unsupported' });
  assert.equal(await alice.service.quality('bob'), undefined);
  assert.equal((await alice.service.audioLevels()).size, 0);
});

test('media that throw are reported, and the call goes on', async () => {
  const stage = createStage();
  const media = createRecordingMedia();
  media.open = () => {
    throw new Error('open');
  };
  const alice = stage.phone('alice', { media });
  const bob = stage.phone('bob', { media: createRecordingMedia() });
  await call(stage, alice, bob);
  assert.deepEqual(
    errorsOf(alice).map((error) => (error as InstanceType<typeof CallError>).code),
    ['media-failed'],
  );
  assert.equal(alice.status(), 'connecting');
});
