import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { Turn } from '../../server/auth/turn.js';
import { BadNetwork, type Conditions } from '../support/bad-network.js';
import { speech } from '../support/speech.js';
import { withoutTurn } from '../support/turn-relay.js';
import {
  hears,
  lastStepOf,
  madeUp,
  pausedAt,
  recordCameraSteps,
  stepsOf,
  understood,
  type CameraStep,
} from './bad-network.js';
import { expect } from './fixtures.js';
import { testBesideRelay } from './relay.js';
import { openBrowser, type Person } from './person.js';

/*
 * Calls over bad networks. All media of Alice pass a relay of the test, in front of a TURN server that she has to use: it
 * loses, delays and limits packets. Both users speak all the time.
 */

interface Speakers {
  readonly alice: Browser;
  readonly bob: Browser;
}

interface BadCall {
  readonly alice: Person;
  readonly bob: Person;
  readonly network: BadNetwork;
}

const test = testBesideRelay.extend<
  { connect: (conditions?: Conditions) => Promise<BadCall> },
  { speakers: Speakers }
>({
  speakers: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'ringkit-speech-'));
      const file = join(folder, 'speech.wav');
      await writeFile(file, speech(20));
      const args = [
        `--use-file-for-fake-audio-capture=${file}`,
        '--use-fake-device-for-media-stream=fps=15',
      ];
      const [alice, bob] = await Promise.all([openBrowser({ args }), openBrowser({ args })]);
      await use({ alice, bob });
      await Promise.all([alice.close(), bob.close()]);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  connect: async ({ open, relay, speakers }, use) => {
    const networks: BadNetwork[] = [];
    /** Alice calls Bob. @param conditions of the network from the start */
    const connect = async (conditions: Conditions = {}): Promise<BadCall> => {
      const network = await BadNetwork.open(relay.port);
      networks.push(network);
      network.become(conditions);
      const options = {
        prepare: recordCameraSteps,
        parameters: { config: JSON.stringify({ media: { maxFrameHeight: 480 } }) },
      };
      const alice = await open('alice', { ...options, browser: speakers.alice });
      const bob = await open('bob', { ...options, browser: speakers.bob });
      const urls = [`turn:127.0.0.1:${String(network.port)}`];
      const servers = new Turn({ ...relay.options, urls }).serversFor('alice');
      await alice.page.evaluate((iceServers) => {
        const provider = document.querySelector('call-invitation-provider')!;
        provider.iceTransportPolicy = 'relay';
        provider.iceServers = iceServers as RTCIceServer[];
      }, servers);
      await alice.send(['bob']);
      await bob.is('incoming');
      await bob.press('accept-button');
      for (const person of [alice, bob]) {
        await person.is('active');
        await person.seesPicture();
      }
      return { alice, bob, network };
    };
    await use(connect);
    await Promise.all(networks.map((network) => network.close()));
  },
});

test.skip(withoutTurn !== false, withoutTurn || '');

const both = (conditions: NonNullable<Conditions['up']>): Conditions => ({
  up: conditions,
  down: conditions,
});

/** Resolves when this user's camera is sent at one of the steps for which this holds. */
const sends = (
  person: Person,
  what: string,
  holds: (step: { active: boolean; kbps: number }) => boolean,
  timeout = 60_000,
): Promise<void> =>
  expect
    .poll(
      async () => {
        const step = await lastStepOf(person);
        return step !== undefined && holds(step);
      },
      { timeout, message: `${person.userID} sends ${what}` },
    )
    .toBe(true);

/** How often a picture falls after it has risen, or rises after it has fallen. */
function turnsOf(steps: readonly CameraStep[]): number {
  const sizes = steps.map(({ active, kbps }) => (active ? kbps : 0));
  const directions = sizes
    .map((size, at) => Math.sign(size - (sizes[at - 1] ?? size)))
    .filter((direction) => direction !== 0);
  return directions.filter((direction, at) => at > 0 && direction !== directions[at - 1]).length;
}

/** Expects that nothing oscillates while both users hear each other for this time. */
async function expectSteady(
  { alice, bob }: BadCall,
  seconds: number,
  heard: number,
): Promise<void> {
  const before = await Promise.all([stepsOf(alice), stepsOf(bob)]);
  const voices = await Promise.all([hears(alice, seconds), hears(bob, seconds)]);
  const after = await Promise.all([stepsOf(alice), stepsOf(bob)]);
  for (const [index, person] of [alice, bob].entries()) {
    // From the last step before on: a picture that still follows a change of the network only falls or only rises.
    const steps = after[index]?.slice(Math.max(0, (before[index]?.length ?? 0) - 1)) ?? [];
    const message = `${person.userID} sends ${JSON.stringify(steps)}`;
    expect(steps.length - 1, message).toBeLessThanOrEqual(Math.max(4, seconds / 12));
    expect(turnsOf(steps), message).toBeLessThanOrEqual(1 + Math.floor(seconds / 60));
    const voice = voices[index]!;
    expect(understood(voice), `sound at ${person.userID}`).toBeGreaterThanOrEqual(heard);
  }
}

/** Expects that the call has never ended or begun anew, and ends it. */
async function expectAlive({ alice, bob }: BadCall): Promise<void> {
  for (const person of [alice, bob]) {
    expect(await person.status()).toBe('active');
    expect(await person.endings()).toEqual([]);
  }
  await bob.press('hang-up-button');
  for (const person of [alice, bob]) await person.is('ended: hung-up');
}

test('voice is clear when 5 % of all packets are lost, and the picture stays @extended', async ({
  connect,
}) => {
  const call = await connect();
  const { alice, bob, network } = call;
  network.become(both({ loss: 0.05 }));
  for (const person of [alice, bob]) {
    // Error correction begins with the first report about losses.
    await expect
      .poll(async () => (await hears(person, 2)).recovered, { timeout: 40_000 })
      .toBeGreaterThan(0);
  }
  await expectSteady(call, 12, 0.95);
  for (const person of [alice, bob]) {
    const clear = async (): Promise<number> => madeUp(await hears(person, 3));
    await expect.poll(clear, { timeout: 60_000 }).toBeLessThanOrEqual(0.05);
    expect(await pausedAt(person)).toEqual({ own: false, others: false });
    await person.seesPicture();
  }
  await expectAlive(call);
});

test(
  'with a loss of 50 % pictures pause, sound goes on, and pictures come back',
  {
    tag: '@long',
  },
  async ({ connect }) => {
    test.setTimeout(400_000);
    const call = await connect();
    const { alice, bob, network } = call;
    network.become(both({ loss: 0.5 }));
    for (const person of [alice, bob]) {
      await expect
        .poll(() => pausedAt(person), { timeout: 60_000 })
        .toEqual({ own: true, others: true });
    }
    // Half of the lost packets are in the following ones once more.
    await expectSteady(call, 60, 0.65);
    for (const person of [alice, bob]) {
      expect(await pausedAt(person)).toEqual({ own: true, others: true });
    }
    network.become({});
    for (const person of [alice, bob]) {
      await sends(person, 'a picture', ({ active }) => active);
      await person.seesPicture();
      await sends(person, 'a larger picture', ({ kbps }) => kbps >= 250, 120_000);
      expect(await pausedAt(person)).toEqual({ own: false, others: false });
    }
    await expectAlive(call);
  },
);
