import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bus } from '../../server/routing/bus.js';

/*
 * What every bus must do. What two servers say one after the other may come in either order: a test waits between them.
 */

const PATIENCE_MS = 8_000;

type End = () => Promise<void>;

/** A bus as two servers have it; the same one twice where there is one server only. Nobody subscribes but by this. */
export interface BusStage {
  readonly nodes: readonly [Bus, Bus];
  /** Subscribes at the first (0) or the second (1), as a device that is connected there. */
  readonly subscribe: (node: 0 | 1, deviceID: string, ...how: Subscription) => Promise<End>;
}
export type Subscription = [
  deliver: (message: Readonly<Record<string, unknown>>) => void,
  replaced?: () => void,
];

/** @param open a bus that nobody has subscribed to; whoever gives it closes it */
export function busContract(name: string, open: () => Promise<BusStage>): void {
  describe(`${name} as a Bus`, () => {
    /** Devices, named after their users (`alice-1`), and what each has got so far. */
    const stage = async () => {
      const { nodes, subscribe } = await open();
      const got: Record<string, unknown[]> = {};
      const waiting = new Set<() => void>();
      const join = (node: 0 | 1, deviceID: string, replaced?: () => void, as = deviceID) => {
        const heard = (got[as] ??= []);
        const deliver = ({ text }: Readonly<Record<string, unknown>>) => {
          heard.push(text);
          for (const check of waiting) check();
        };
        return subscribe(node, deviceID, deliver, replaced);
      };
      /** Resolves when a device has got this. */
      const until = (deviceID: string, text: string) =>
        new Promise<void>((resolve, reject) => {
          const check = () => {
            if (!got[deviceID]?.includes(text)) return;
            waiting.delete(check);
            clearTimeout(deadline);
            resolve();
          };
          const deadline = setTimeout(() => {
            reject(new Error(`${deviceID} waited for "${text}" in vain`));
          }, PATIENCE_MS);
          waiting.add(check);
          check();
        });
      const say = (
        node: 0 | 1,
        userID: string,
        text: string,
        to: { toDevice?: string; exceptDevice?: string } = {},
      ) => nodes[node].publish(userID, { message: { text }, ...to });
      return { got, join, until, say };
    };

    it('reaches all devices of a user, wherever they are, and says how many these are', async () => {
      const { got, join, until, say } = await stage();
      await join(0, 'bob-1');
      await join(1, 'bob-2');
      await join(1, 'bob-3');
      await join(1, 'carol-1');
      const devices = ['bob-1', 'bob-2', 'bob-3'];
      for (const [node, text] of [
        [0, 'a'],
        [1, 'b'],
      ] as const) {
        assert.equal(await say(node, 'bob', text), 3);
        for (const device of devices) await until(device, text);
      }
      assert.equal(await say(0, 'carol', 'c'), 1);
      assert.equal(await say(0, 'nobody', 'd'), 0);
      await until('carol-1', 'c');
      for (const device of devices) assert.deepEqual(got[device], ['a', 'b']);
      assert.deepEqual(got['carol-1'], ['c']);
    });

    it('reaches one device alone, and all but one', async () => {
      const { got, join, until, say } = await stage();
      const devices = ['bob-1', 'bob-2', 'bob-3'];
      await join(0, 'bob-1');
      await join(1, 'bob-2');
      await join(1, 'bob-3');
      for (const node of [0, 1] as const) {
        for (const toDevice of devices) {
          assert.equal(await say(node, 'bob', `to ${toDevice}`, { toDevice }), 1, toDevice);
        }
        assert.equal(await say(node, 'bob', 'none', { toDevice: 'bob-4' }), 0);
        const both = { toDevice: 'bob-2', exceptDevice: 'bob-2' };
        assert.equal(await say(node, 'bob', 'none', both), 0);
        for (const exceptDevice of devices) {
          assert.equal(await say(node, 'bob', `not ${exceptDevice}`, { exceptDevice }), 2);
        }
        await say(node, 'bob', `end ${node}`);
        for (const device of devices) await until(device, `end ${node}`);
      }
      for (const device of devices) {
        const others = devices.filter((other) => other !== device).map((other) => `not ${other}`);
        const each = [`to ${device}`, ...others];
        assert.deepEqual(got[device], [...each, 'end 0', ...each, 'end 1']);
      }
    });

    it('keeps the order of one publisher', async () => {
      const { got, join, until, say } = await stage();
      await join(0, 'bob-1');
      await join(1, 'bob-2');
      const texts = Array.from({ length: 200 }, (_, index) => String(index));
      await Promise.all(texts.map((text) => say(0, 'bob', text)));
      await until('bob-1', '199');
      await until('bob-2', '199');
      assert.deepEqual(got['bob-1'], texts);
      assert.deepEqual(got['bob-2'], texts);
    });

    it('is subscribed to until each subscription has ended', async () => {
      const { got, join, until, say } = await stage();
      const [first, second] = [await join(1, 'bob-1'), await join(1, 'bob-2')];
      await first();
      assert.equal(await say(0, 'bob', 'a'), 1);
      await until('bob-2', 'a');
      await second();
      await second();
      assert.equal(await say(0, 'bob', 'b'), 0);
      await join(1, 'bob-1');
      assert.equal(await say(0, 'bob', 'c'), 1);
      await until('bob-1', 'c');
      assert.deepEqual(got['bob-1'], ['c']);
      assert.deepEqual(got['bob-2'], ['a']);
    });

    for (const [where, node] of [
      ['at the same server', 0],
      ['at another server', 1],
    ] as const) {
      it(`gives a device's newest subscription the place of the older one ${where}`, async () => {
        const { got, join, until, say } = await stage();
        let times = 0;
        let told = () => {};
        const isTold = new Promise<void>((resolve) => (told = resolve));
        const replaced = () => {
          times += 1;
          told();
        };
        const endFirst = await join(0, 'bob-1', replaced, 'older');
        const end = await join(node, 'bob-1', undefined, 'newer');
        await isTold;
        await endFirst();
        assert.equal(await say(0, 'bob', 'a'), 1);
        await until('newer', 'a');
        assert.equal(await say(1, 'bob', 'b', { toDevice: 'bob-1' }), 1);
        await until('newer', 'b');
        await end();
        assert.equal(await say(0, 'bob', 'c'), 0);
        assert.deepEqual([times, got['older'], got['newer']], [1, [], ['a', 'b']]);
      });
    }
  });
}
