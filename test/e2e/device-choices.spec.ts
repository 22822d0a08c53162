import type { DeviceList, LocalMedia } from '../../src/core/ports/media.js';
import type { CallConfig } from '../../src/core/service/call-config.js';
import { expect, test, type Open } from './fixtures.js';
import type { Person } from './person.js';
import { installUnpluggableDevices, type Plugs } from './unplugged-devices.js';

/* Devices that the user chooses, refuses, unplugs or mutes. The browser has three fake devices of each kind. */

const devicesOf = ({ page }: Person): Promise<DeviceList> =>
  page.evaluate(() => {
    const list = document.querySelector('call-invitation-provider')!.service.$devices.get();
    return JSON.parse(JSON.stringify(list)) as typeof list;
  });
const localOf = ({ page }: Person): Promise<Partial<LocalMedia>> =>
  page.evaluate(() => {
    const local = document.querySelector('call-invitation-provider')!.service.$localMedia.get();
    return JSON.parse(JSON.stringify(local)) as Partial<typeof local>;
  });
/** IDs of the devices that this page captures. */
const captured = ({ page }: Person): Promise<(string | undefined)[]> =>
  page.evaluate(() =>
    window.probe.tracks
      .filter(({ readyState }) => readyState === 'live')
      .map((track) => track.getSettings().deviceId)
      .sort(),
  );
const view = ({ page }: Person) => page.locator('ongoing-call-view');
const notes = (person: Person) => view(person).locator('.notes');
/** The select list of the device panel for this kind. */
const list = (person: Person, name: string) => view(person).getByRole('combobox', { name });

async function call(
  [caller, callee]: readonly [Person, Person],
  callType: 'voice' | 'video' = 'video',
): Promise<void> {
  await caller.send([callee.userID], { callType });
  await callee.is('incoming');
  await callee.press('accept-button');
  await caller.is('active');
  await callee.is('active');
}
async function inACall(
  open: Open,
  options: Parameters<Open>[1] = {},
  callType: 'voice' | 'video' = 'video',
): Promise<readonly [Person, Person]> {
  const people = [await open('alice'), await open('bob', options)] as const;
  await call(people, callType);
  return people;
}
const openDevices = (person: Person) => view(person).locator('.round[aria-expanded]').click();

test('a chosen microphone is remembered after a reload, and found by its label when its ID has changed', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open, {}, 'voice');
  await openDevices(bob);
  const { microphones } = await devicesOf(bob);
  const chosen = microphones.at(-1)!;
  expect((await devicesOf(bob)).selected.microphone).not.toBe(chosen.deviceId);
  await list(bob, 'Microphone').selectOption(chosen.deviceId);
  await expect.poll(() => captured(bob)).toEqual([chosen.deviceId]);
  await alice.receives('sound', 1);
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');
  await bob.page.reload();
  await bob.connected();
  await call([alice, bob], 'voice');
  await expect.poll(() => captured(bob)).toEqual([chosen.deviceId]);
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');

  // As after a reset of the permissions, which changes all IDs.
  await bob.page.evaluate(() => {
    const { microphone } = JSON.parse(localStorage.getItem('ringkit devices') ?? '{}') as {
      microphone: object;
    };
    const text = JSON.stringify({ microphone: { ...microphone, deviceId: 'another' } });
    localStorage.setItem('ringkit devices', text);
  });
  await bob.page.reload();
  await bob.connected();
  await call([alice, bob], 'voice');
  await expect.poll(() => captured(bob)).toEqual([chosen.deviceId]);
  await alice.receives('sound', 1);
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});

test('an unplugged microphone is replaced with words, and is used again when it returns', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open, { prepare: installUnpluggableDevices }, 'voice');
  await openDevices(bob);
  const { microphones } = await devicesOf(bob);
  const [first, chosen] = [microphones[0]!, microphones.at(-1)!];
  await list(bob, 'Microphone').selectOption(chosen.deviceId);
  await expect.poll(() => captured(bob)).toEqual([chosen.deviceId]);
  await bob.page.evaluate((id) => (window as unknown as Plugs).unplug(id), chosen.deviceId);
  await expect(notes(bob)).toContainText(`“${chosen.label}” was unplugged.`);
  await expect.poll(() => captured(bob)).toEqual([first.deviceId]);
  await expect(list(bob, 'Microphone')).toHaveValue(first.deviceId);
  await alice.receives('sound', 1);
  await bob.page.evaluate((id) => (window as unknown as Plugs).plug(id), chosen.deviceId);
  await expect(notes(bob)).toContainText(`“${chosen.label}” is back and is used again`);
  await expect.poll(() => captured(bob)).toEqual([chosen.deviceId]);
  await alice.receives('sound', 1);

  // Another choice that the user makes meanwhile stays.
  await bob.page.evaluate((id) => (window as unknown as Plugs).unplug(id), chosen.deviceId);
  await expect.poll(() => captured(bob)).toEqual([first.deviceId]);
  const other = microphones.find(
    ({ deviceId }) => ![first, chosen].some((one) => one.deviceId === deviceId),
  )!;
  await list(bob, 'Microphone').selectOption(other.deviceId);
  await expect.poll(() => captured(bob)).toEqual([other.deviceId]);
  await bob.page.evaluate((id) => (window as unknown as Plugs).plug(id), chosen.deviceId);
  await expect
    .poll(async () => (await devicesOf(bob)).microphones)
    .toHaveLength(microphones.length);
  expect(await captured(bob)).toEqual([other.deviceId]);
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});

test('without any camera, the call says so, and opens the first one that is plugged in @extended', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open, { prepare: installUnpluggableDevices });
  await alice.seesPicture();
  const { cameras } = await devicesOf(bob);
  await bob.page.evaluate(
    (ids) => ids.forEach((id) => (window as unknown as Plugs).unplug(id)),
    cameras.map(({ deviceId }) => deviceId),
  );
  await expect(notes(bob)).toContainText('you are heard but not seen');
  await expect(notes(bob)).toContainText('Plug one in');
  await alice.receives('sound', 1);
  await bob.page.evaluate((id) => (window as unknown as Plugs).plug(id), cameras[0]!.deviceId);
  await expect.poll(async () => (await localOf(bob)).camera).toBe('on');
  await expect(notes(bob)).not.toContainText('not seen');
  await alice.seesPicture();
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});

test('refused devices are named with advice, and a retry in the call opens what was allowed meanwhile', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open, { denyMedia: true });
  await expect(notes(bob)).toContainText('you are neither heard nor seen');
  expect(await localOf(bob)).toMatchObject({
    ...{ microphoneProblem: 'denied', cameraProblem: 'denied' },
  });
  const retry = notes(bob).getByRole('button', { name: 'Try again' });
  await retry.click();
  await expect.poll(async () => (await localOf(bob)).microphone).toBe('unavailable');
  await expect(notes(bob)).toContainText('you are neither heard nor seen');
  await alice.receivesNo('sound');

  await bob.context.grantPermissions(['geolocation', 'microphone']);
  await retry.click();
  await expect(notes(bob)).toContainText('you are heard but not seen');
  await alice.receives('sound', 1);
  await bob.context.grantPermissions(['geolocation', 'microphone', 'camera']);
  await retry.focus();
  await bob.page.keyboard.press('Enter');
  await alice.receives('frames', 1);
  await expect(retry).toHaveCount(0);
  await expect(notes(bob)).not.toContainText('seen');
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});

test('<call-settings> previews the devices before a call, which then uses the choices', async ({
  open,
}) => {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await bob.page.evaluate(() => document.body.append(document.createElement('call-settings')));
  const settings = bob.page.locator('call-settings');
  await expect(settings.getByRole('heading', { name: 'Camera and sound' })).toBeVisible();
  // Nothing is opened before the user asks for it.
  expect(await captured(bob)).toEqual([]);
  await settings.getByRole('button', { name: 'Show camera preview' }).press('Enter');
  const video = settings.locator('video');
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime))
    .toBeGreaterThan(0);
  await expect(settings).toContainText('Only you see and hear this');
  await settings.getByRole('button', { name: 'Test microphone' }).press('Enter');
  const meter = settings.getByRole('meter', { name: 'Microphone level' });
  await expect
    .poll(async () => Number(await meter.getAttribute('aria-valuenow')))
    .toBeGreaterThan(0);
  const { microphones, cameras } = await devicesOf(bob);
  const [microphone, camera] = [microphones.at(-1)!, cameras.at(-1)!];
  await settings.getByRole('combobox', { name: 'Microphone' }).selectOption(microphone.deviceId);
  await settings.getByRole('combobox', { name: 'Camera' }).selectOption(camera.deviceId);
  const both = [microphone.deviceId, camera.deviceId].sort();
  await expect.poll(() => captured(bob)).toEqual(both);
  await settings.getByRole('button', { name: 'Hide camera preview' }).click();
  await settings.getByRole('button', { name: 'Stop test' }).click();
  await bob.releasesEverything();

  await call([alice, bob]);
  await expect.poll(() => captured(bob)).toEqual(both);
  await alice.receives('frames', 1);
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});

test('the settings open from the call, with the focus in them, and Escape closes them @extended', async ({
  open,
}) => {
  const [, bob] = await inACall(open, {}, 'voice');
  await openDevices(bob);
  await view(bob).getByRole('button', { name: 'Camera and sound…' }).click();
  const settings = bob.page.getByRole('dialog', { name: 'Camera and sound' });
  await expect(settings).toBeVisible();
  // The microphone of the call is measured.
  await expect(settings.getByRole('meter', { name: 'Microphone level' })).toBeVisible();
  await expect(settings.getByRole('heading')).toBeFocused();
  await bob.page.keyboard.press('Escape');
  await expect(settings).toHaveCount(0);
  await bob.is('active');
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});

test('keyboard shortcuts mute, turn the camera on and hang up, but not while the user types', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open, {}, 'voice');
  const { keyboard } = bob.page;
  const microphone = view(bob).getByRole('button', { name: 'Mute microphone' });
  await microphone.hover();
  await expect(microphone).toHaveAttribute('title', 'Mute microphone (Alt+M)');
  await keyboard.press('Alt+m');
  await expect.poll(() => alice.mutedMembers()).toEqual(['bob']);
  await keyboard.press('Alt+v');
  await alice.seesPicture();
  await bob.page.locator('#notes').focus();
  await keyboard.press('Alt+m');
  await keyboard.press('Alt+h');
  await bob.page.locator('#notes').blur();
  const config: CallConfig = { shortcuts: false };
  await bob.configure(config);
  await keyboard.press('Alt+m');
  await keyboard.press('Alt+h');
  await bob.configure({});
  await bob.is('active');
  expect(await alice.mutedMembers()).toEqual(['bob']);
  await keyboard.press('Alt+m');
  await expect.poll(() => alice.mutedMembers()).toEqual([]);
  await keyboard.press('Alt+h');
  await alice.is('ended: hung-up');
  await bob.releasesEverything();
});

/** A microphone that hears a tone all the time. Runs in the page. */
function speakAlways(): void {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    const [microphone] = stream.getAudioTracks();
    if (!microphone) return stream;
    const context = new AudioContext();
    const output = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    tone.connect(output);
    tone.start();
    const settings = microphone.getSettings();
    microphone.stop();
    const [track] = output.stream.getAudioTracks();
    if (!track) return stream;
    Object.assign(track, { getSettings: () => settings });
    return new MediaStream([track]);
  };
}

test('a user who speaks while muted is told so, and unmutes with the button @extended', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open, { prepare: speakAlways }, 'voice');
  await alice.receives('sound', 1);
  await expect(notes(bob)).not.toContainText('You are muted');
  await bob.press('microphone-button');
  await expect(notes(bob)).toContainText('You are muted');
  await expect.poll(() => alice.mutedMembers()).toEqual(['bob']);
  // What is measured is not sent.
  await alice.receivesNo('sound');
  await notes(bob).getByRole('button', { name: 'Unmute microphone' }).click();
  await expect(notes(bob)).not.toContainText('You are muted');
  await expect.poll(() => alice.mutedMembers()).toEqual([]);
  await alice.receives('sound', 1);
  await bob.ask('hangUp');
});
