import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordingMedia, NOTHING_OPEN } from '../../../test/support/recording-media.js';
import {
  CallError,
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';
import type { CallMedia } from '../ports/media.js';

/** Streams are only passed on in these tests, so any object serves. */
const stream = (): MediaStream => ({}) as unknown as MediaStream;

async function call(
  harness: ServiceHarness,
  alice: Phone,
  bob: Phone,
  callType: 'voice' | 'video' = 'video',
) {
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType, callID: 'c' });
  await harness.settle();
  await bob.service.accept();
  await harness.settle();
}

const errorsOf = ({ callbacks }: Phone): unknown[] =>
  callbacks.flatMap(([name, error]) => (name === 'onError' ? [error] : []));

test('the media code is loaded once, when the first call is placed or rings', async () => {
  const harness = createServiceHarness();
  const loads: string[] = [];
  const media = (user: string) => (): Promise<CallMedia> => {
    loads.push(user);
    return Promise.resolve(createRecordingMedia());
  };
  const alice = harness.phone('alice', { media: media('alice') });
  const bob = harness.phone('bob', { media: media('bob') });
  await harness.settle();
  assert.deepEqual(loads, []);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.deepEqual(loads, ['alice', 'bob']);
  await alice.service.cancel();
  await harness.clock.advance(10_000);
  await bob.service.send({ invitees: ['alice'], callType: 'voice' });
  await harness.settle();
  assert.deepEqual(loads, ['alice', 'bob']);
});

test('effects that are queued while media load run in order', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const alice = harness.phone('alice', {
    media: () => new Promise((resolve) => (loaded = resolve)),
  });
  const other = createRecordingMedia();
  const bob = harness.phone('bob', { media: other });
  await call(harness, alice, bob);
  const [, link] = /^openLink c alice (\d+) offers$/m.exec(other.calls.join('\n')) ?? [];
  const device = alice.service.deviceID;
  const to = { callID: 'c', user: 'alice', device, link: Number(link) };
  other.emit({ type: 'signal', ...to, data: { offer: 1 } });
  await harness.settle();
  loaded(media);
  await harness.settle();
  assert.deepEqual(media.calls, [
    'listen',
    'open c {"microphone":true,"camera":true,"callType":"video"}',
    `openLink c bob ${link} waits`,
    `signal ${link} {"offer":1}`,
  ]);
});

test('media that finish loading after the call open nothing', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const alice = harness.phone('alice', { media: () => new Promise((r) => (loaded = r)) });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  await call(harness, alice, bob);
  await alice.service.hangUp();
  loaded(media);
  await harness.settle();
  assert.deepEqual(media.calls, ['listen']);
});

test('media that finish loading after the service was destroyed are destroyed', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const alice = harness.phone('alice', { media: () => new Promise((r) => (loaded = r)) });
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  alice.service.destroy();
  loaded(media);
  await harness.settle();
  assert.deepEqual(media.calls, ['listen', 'destroy']);
});

test('a failure to load media is reported, and loading is repeated during the call', async () => {
  const harness = createServiceHarness();
  const cause = new Error('no such file');
  const media = createRecordingMedia();
  let works = false;
  const alice = harness.phone('alice', {
    media: () => (works ? Promise.resolve(media) : Promise.reject(cause)),
  });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  await call(harness, alice, bob);
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

test('a media function that throws is called again for the next call', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  let works = false;
  const alice = harness.phone('alice', {
    media: () => {
      if (!works) throw new Error('no such module');
      return Promise.resolve(media);
    },
  });
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.equal(errorsOf(alice).length, 1);
  await alice.service.cancel();
  await harness.clock.advance(5_000);
  works = true;
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'next' });
  await harness.settle();
  assert.equal(errorsOf(alice).length, 1);
  assert.match(media.calls[1] ?? '', /^open next /);
});

/** A phone with media that take time to load, ringing for Alice's call `c`. */
async function ringing(load: () => Promise<CallMedia>, harness = createServiceHarness()) {
  const alice = harness.phone('alice', { media: createRecordingMedia() });
  const bob = harness.phone('bob', { media: load });
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  return { harness, alice, bob, sent: () => harness.log.filter((line) => /^bob sends/.test(line)) };
}

test('an accept is sent when the media code is loaded', async () => {
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const { harness, alice, bob, sent } = await ringing(() => new Promise((r) => (loaded = r)));
  const accepted = bob.service.accept();
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  assert.ok(!sent().includes('bob sends accept'));
  const media = createRecordingMedia();
  loaded(media);
  assert.equal(await accepted, true);
  await harness.settle();
  assert.equal(alice.status(), 'connecting');
  assert.match(media.calls[1] ?? '', /^open c /);
});

test('an accept whose media fail to load rejects, sends nothing, and the call continues to ring', async () => {
  const cause = new CallError('unavailable', 'Could not load the media: https://cdn.example/m.js');
  const { harness, alice, bob, sent } = await ringing(() => Promise.reject(cause));
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
  await harness.settle();
  assert.deepEqual(alice.callbackNames(), ['onOutgoingCallDeclined']);
});

test('an accept after a failed one loads the media again, and accepts the call', async () => {
  let works = false;
  const { harness, alice, bob } = await ringing(() =>
    works ? Promise.resolve(createRecordingMedia()) : Promise.reject(new Error('gone')),
  );
  await assert.rejects(bob.service.accept(), { code: 'media-failed' });
  works = true;
  assert.equal(await bob.service.accept(), true);
  await harness.settle();
  assert.equal(alice.status(), 'connecting');
});

test('media that fail to load while a call rings are reported once, also if an accept waits for them', async () => {
  let fail = (_: Error): void => assert.fail('not asked for');
  const { harness, bob } = await ringing(() => new Promise((_, reject) => (fail = reject)));
  const accepted = bob.service.accept();
  fail(new Error('gone'));
  const error: unknown = await accepted.catch((reason: unknown) => reason);
  // As the dialog does with the error of accept.
  bob.service.report(error);
  await harness.settle();
  assert.deepEqual(errorsOf(bob), [error]);
});

test('a call that can’t be accepted on this device can be accepted on another device of the user', async () => {
  const harness = createServiceHarness();
  const other = harness.phone('bob', { media: createRecordingMedia() });
  const { alice, bob } = await ringing(() => Promise.reject(new Error('gone')), harness);
  assert.equal(other.status(), 'incoming');
  await assert.rejects(bob.service.accept(), { code: 'media-failed' });
  assert.equal(await other.service.accept(), true);
  await harness.settle();
  assert.equal(alice.status(), 'connecting');
  assert.equal(bob.status(), 'ended: answered-elsewhere');
});

test('an accept that waits for media resolves to false when its call ends', async () => {
  let loaded = (_: CallMedia): void => assert.fail('not asked for');
  const { harness, alice, bob, sent } = await ringing(() => new Promise((r) => (loaded = r)));
  const accepted = bob.service.accept();
  await alice.service.cancel();
  await harness.clock.advance(10_000);
  await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'next' });
  await harness.settle();
  loaded(createRecordingMedia());
  assert.equal(await accepted, false);
  assert.equal(bob.status(), 'incoming');
  assert.ok(!sent().includes('bob sends accept'));
});

test('join loads the media before it sends its message', async () => {
  const harness = createServiceHarness();
  const bob = harness.phone('bob', { media: () => Promise.reject(new Error('gone')) });
  await harness.settle();
  await assert.rejects(bob.service.join('c'), { code: 'media-failed' });
});

test('a call starts with the sources of the configuration', async () => {
  const harness = createServiceHarness();
  const [one, other] = [createRecordingMedia(), createRecordingMedia()];
  const alice = harness.phone('alice', { media: one });
  const bob = harness.phone('bob', { media: other });
  alice.config.defaults = { microphoneOn: false };
  bob.config.defaults = { cameraOn: false };
  await call(harness, alice, bob);
  assert.equal(one.calls[1], 'open c {"microphone":false,"camera":true,"callType":"video"}');
  assert.equal(other.calls[1], 'open c {"microphone":true,"camera":false,"callType":"video"}');
});

test('accept decides whether microphone and camera are on at the start', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice', { media: createRecordingMedia() });
  const bob = harness.phone('bob', { media });
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
  await harness.settle();
  for (const wrong of [{ camera: 'off' }, { microphone: 1 }] as never[])
    await assert.rejects(bob.service.accept(wrong), { code: 'invalid-argument' });
  assert.equal(bob.status(), 'incoming');
  await bob.service.accept({ camera: false });
  assert.equal(media.calls[1], 'open c {"microphone":true,"camera":false,"callType":"video"}');
});

test('signalling data of a link reaches the same link on the other device', async () => {
  const harness = createServiceHarness();
  const [one, other] = [createRecordingMedia(), createRecordingMedia()];
  const alice = harness.phone('alice', { media: one });
  const bob = harness.phone('bob', { media: other });
  await call(harness, alice, bob);
  const opened = other.calls.find((line) => line.startsWith('openLink')) ?? '';
  assert.match(opened, /^openLink c alice \d+ offers$/);
  const link = Number(opened.split(' ')[3]);
  const device = alice.service.deviceID;
  const toAlice = { callID: 'c', user: 'alice', device, link };
  other.emit({ type: 'signal', ...toAlice, data: { type: 'offer', sdp: 'x' } });
  await harness.settle();
  assert.equal(one.calls.at(-1), `signal ${link} {"type":"offer","sdp":"x"}`);
  assert.equal(alice.status(), 'connecting');

  one.emit({ ...toAlice, type: 'link-up', user: 'bob', device: bob.service.deviceID });
  other.emit({ type: 'link-up', ...toAlice });
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
  other.emit({ type: 'link-down', ...toAlice });
  assert.equal(bob.status(), 'reconnecting');
  other.emit({ type: 'link-failed', ...toAlice, callID: 'stale' });
  other.emit({ type: 'link-up', ...toAlice });
  assert.equal(bob.status(), 'active');
});

test('members show which sources are on, and streams are removed at the end of the call', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice', { media });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  await call(harness, alice, bob);
  const { service } = alice;
  const [local, remote, screen] = [stream(), stream(), stream()];
  const kinds = { sound: stream(), picture: stream() };
  media.emit({
    type: 'local',
    media: { stream: local, screen: undefined, microphone: 'on', camera: 'pending' },
  });
  media.emit({
    type: 'remote',
    user: 'bob',
    media: { stream: remote, ...kinds, screen, microphone: false, camera: true },
  });
  const on = service.$call
    .get()
    .members.map(({ microphone, camera, screen }) => [...[microphone, camera, screen]]);
  assert.deepEqual(on, [
    [true, false, false],
    [false, true, true],
  ]);
  assert.equal(service.$localMedia.get().stream, local);
  assert.deepEqual(
    [...service.$remoteMedia.get()],
    [['bob', { stream: remote, ...kinds, screen }]],
  );

  await alice.service.hangUp();
  assert.deepEqual(service.$localMedia.get(), NOTHING_OPEN);
  assert.equal(service.$remoteMedia.get().size, 0);
  media.emit({ type: 'local', media: { ...NOTHING_OPEN, stream: stream() } });
  media.emit({
    type: 'remote',
    user: 'bob',
    media: { stream: remote, screen, microphone: true, camera: true },
  });
  assert.deepEqual(service.$localMedia.get(), NOTHING_OPEN);
  assert.equal(service.$remoteMedia.get().size, 0);
});

test('a source that can’t be opened is reported by onError, and the call goes on', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice', { media });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  await call(harness, alice, bob);
  const fault = { kind: 'camera', name: 'NotAllowedError', cause: undefined } as const;
  media.emit({ type: 'fault', fault });
  const [error] = errorsOf(alice);
  assert.ok(error instanceof CallError);
  assert.equal(error.code, 'media-failed');
  assert.equal(error.cause, fault);
  assert.equal(alice.status(), 'connecting');
});

test('$devices is updated also without a call', () => {
  const media = createRecordingMedia();
  const { service } = createServiceHarness().phone('alice', { media });
  const devices = { microphones: [], cameras: [], speakers: [], selected: { camera: 'x' } };
  media.emit({ type: 'devices', devices });
  assert.equal(service.$devices.get(), devices);
});

test('the media commands are passed to the media of the current call', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice', { media });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  const { service } = alice;
  await harness.settle();
  assert.equal(await service.quality('bob'), undefined);
  assert.equal((await service.audioLevels()).size, 0);
  await assert.rejects(service.setMicrophone(false), { code: 'call-over' });
  await call(harness, alice, bob);
  await service.setMicrophone(false);
  await service.setCamera(true);
  await service.shareScreen(true, { contentHint: 'motion' });
  await service.pauseScreen(true);
  await service.shareScreen(false);
  await service.selectDevice('videoinput', 'back');
  assert.deepEqual(media.calls.slice(-6), [
    ...['setMicrophone false', 'setCamera true'],
    'shareScreen true {"sound":true,"contentHint":"motion"}',
    ...['pauseScreen true', 'shareScreen false'],
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

test('devices are selected and previewed without a call, and after it', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const { service } = harness.phone('alice', { media });
  await service.selectDevice('ringer', 'speaker');
  const preview = await service.preview(() => {});
  await preview.setCamera(true);
  preview.close();
  assert.deepEqual(media.calls.slice(-4), [
    'selectDevice ringer speaker',
    ...['preview', 'preview setCamera true', 'preview close'],
  ]);
  await assert.rejects(service.flipCamera(), { code: 'call-over' });
  media.fault = new Error('NotReadableError');
  await assert.rejects(service.selectDevice('audioinput', 'x'), { code: 'media-failed' });
  const late = service.preview(() => {});
  service.destroy();
  await assert.rejects(late, { code: 'destroyed' });
});

test('the settings are open until they are closed', () => {
  const { service } = createServiceHarness().phone('alice');
  const seen: boolean[] = [];
  service.$settingsOpen.listen((open) => seen.push(open));
  service.openSettings();
  service.openSettings();
  service.closeSettings();
  assert.deepEqual(seen, [true, false]);
});

test('without media the media commands are unsupported, and a call is active once it is accepted', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await call(harness, alice, bob);
  assert.equal(alice.status(), 'active');
  await assert.rejects(alice.service.setMicrophone(true), { code: 'unsupported' });
  await assert.rejects(alice.service.selectDevice('ringer', ''), { code: 'unsupported' });
  await assert.rejects(
    alice.service.preview(() => {}),
    { code: 'unsupported' },
  );
  assert.equal(await alice.service.quality('bob'), undefined);
  assert.equal((await alice.service.audioLevels()).size, 0);
});

test('exceptions of the media are reported, and the call goes on', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  media.open = () => {
    throw new Error('open');
  };
  const alice = harness.phone('alice', { media });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  await call(harness, alice, bob);
  assert.deepEqual(
    errorsOf(alice).map((error) => (error as InstanceType<typeof CallError>).code),
    ['media-failed'],
  );
  assert.equal(alice.status(), 'connecting');
});
