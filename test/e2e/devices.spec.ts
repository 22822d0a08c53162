import type { DeviceList, DeviceState, LocalMedia } from '../../src/core/ports/media.js';
import type { Person } from './person.js';
import { recordPlayers, playingOn } from './players.js';
import { expect, test, type Open } from './fixtures.js';

/* Devices that another program uses, or that are unplugged during a call. The browser has several fake cameras,
   microphones and speakers with real media. It cannot simulate busy or removed devices, so the pages do. */

/** The fake camera whose pictures cannot be sent. */
const DEPTH_CAMERA = 'fake_device_1';

/** Makes the first camera and the first microphone busy. Runs in the page. */
function occupyFirstDevices(): void {
  const occupied = new Map<string, string | undefined>();
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  Object.assign(window, { isOccupied: (id: string) => [...occupied.values()].includes(id) });
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    const [track] = stream.getTracks() as [MediaStreamTrack];
    const { deviceId } = track.getSettings();
    if (!occupied.has(track.kind)) occupied.set(track.kind, deviceId);
    if (occupied.get(track.kind) !== deviceId) return stream;
    track.stop();
    throw new DOMException('Could not start the source', 'NotReadableError');
  };
}

interface Occupied {
  /** Whether a device is used by another program. */
  isOccupied(deviceId: string): boolean;
}

interface Plugs {
  /** Removes a device from the list, and fires `devicechange`. */
  unplug(deviceId: string): void;
  plug(deviceId: string): void;
}

/** Lets devices be unplugged, and rejects sound output to an unplugged one. Runs in the page. */
function unpluggableDevices(): void {
  const gone = new Set<string>();
  const { mediaDevices } = navigator;
  const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () =>
    (await enumerate()).filter(({ deviceId }) => !gone.has(deviceId));
  const { setSinkId } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.setSinkId = function (deviceId) {
    if (!gone.has(deviceId)) return setSinkId.call(this, deviceId);
    return Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
  };
  const change = (happens: 'add' | 'delete') => (deviceId: string) => {
    gone[happens](deviceId);
    mediaDevices.dispatchEvent(new Event('devicechange'));
  };
  const plugs: Plugs = { unplug: change('add'), plug: change('delete') };
  Object.assign(window, plugs);
}

const devicesOf = ({ page }: Person): Promise<DeviceList> =>
  page.evaluate(() => {
    const list = document.querySelector('call-invitation-provider')!.service.$devices.get();
    return JSON.parse(JSON.stringify(list)) as typeof list;
  });
const stateOf = ({ page }: Person, source: 'microphone' | 'camera'): Promise<DeviceState> =>
  page.evaluate(
    (name) =>
      document.querySelector('call-invitation-provider')!.service.$localMedia.get()[
        name as keyof LocalMedia
      ] as DeviceState,
    source,
  );
const faultsOf = async (person: Person): Promise<string[]> =>
  (await person.argumentsOf('onError')).map(([message]) => String(message));

/** The select list of the device panel for this kind. */
const list = ({ page }: Person, name: string) =>
  page.locator('ongoing-call-view').getByRole('combobox', { name });

async function inACall(open: Open, ...prepare: (() => void)[]): Promise<[Person, Person]> {
  const [alice, bob] = [await open('alice'), await open('bob', { prepare })];
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await bob.page.locator('ongoing-call-view .round[aria-expanded]').click();
  return [alice, bob];
}

for (const { source, name, kinds, what } of [
  { source: 'camera', name: 'Camera', kinds: 'cameras', what: 'frames' },
  { source: 'microphone', name: 'Microphone', kinds: 'microphones', what: 'sound' },
] as const) {
  test(`a ${source} in use by another program can be replaced by another one, which is sent`, async ({
    open,
  }) => {
    const [alice, bob] = await inACall(open, occupyFirstDevices);
    await expect.poll(() => stateOf(bob, source)).toBe('unavailable');
    const fault = `CallError: The ${source} could not be opened: NotReadableError`;
    await expect.poll(() => faultsOf(bob)).toContain(fault);
    await alice.receivesNo(what);
    const ids = (await devicesOf(bob))[kinds]
      .filter(({ label }) => label !== DEPTH_CAMERA)
      .map(({ deviceId }) => deviceId);
    const free = await bob.page.evaluate(
      (all) => all.filter((id) => !(window as unknown as Occupied).isOccupied(id)),
      ids,
    );
    // The browser may have opened any of them first.
    const other = { deviceId: free[0]! };
    await list(bob, name).selectOption(other.deviceId);
    await expect.poll(() => stateOf(bob, source)).toBe('on');
    expect((await devicesOf(bob)).selected[source]).toBe(other.deviceId);
    await expect(list(bob, name)).toHaveValue(other.deviceId);
    await alice.receives(what, 1);
    expect((await faultsOf(bob)).filter((each) => each === fault)).toHaveLength(1);
    await bob.press('hang-up-button');
    await bob.releasesEverything();
  });
}

test('an unplugged speaker is replaced by the default one, in the store too, and used again when it returns', async ({
  open,
}) => {
  const [, bob] = await inACall(open, recordPlayers, unpluggableDevices);
  await expect.poll(() => playingOn(bob.page)).toEqual(['']);
  const { speakers } = await devicesOf(bob);
  const { deviceId } = speakers.find((speaker) => speaker.deviceId !== 'default')!;
  await list(bob, 'Speaker').selectOption(deviceId);
  await expect.poll(() => playingOn(bob.page)).toEqual([deviceId]);
  expect((await devicesOf(bob)).selected.speaker).toBe(deviceId);

  await bob.page.evaluate((id) => (window as unknown as Plugs).unplug(id), deviceId);
  await expect.poll(() => playingOn(bob.page)).toEqual(['']);
  const { selected, speakers: left } = await devicesOf(bob);
  expect(selected.speaker).toBe(undefined);
  expect(left).toHaveLength(speakers.length - 1);
  await expect(list(bob, 'Speaker')).toHaveValue('default');
  expect(await faultsOf(bob)).toEqual([
    'CallError: The speaker could not be opened: NotFoundError',
  ]);

  await bob.page.evaluate((id) => (window as unknown as Plugs).plug(id), deviceId);
  await expect.poll(() => playingOn(bob.page)).toEqual([deviceId]);
  expect((await devicesOf(bob)).selected.speaker).toBe(deviceId);
  await list(bob, 'Speaker').selectOption('default');
  await expect.poll(() => playingOn(bob.page)).toEqual(['default']);
  expect(await faultsOf(bob)).toHaveLength(1);
  await bob.press('hang-up-button');
  await bob.releasesEverything();
});
