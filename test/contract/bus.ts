import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bus } from '../../server/routing/bus.js';

/*
 * The contract of every bus. Messages from different nodes have no order, so the tests wait between them.
 */

const PATIENCE_MS = 30_000;

type End = () => Promise<void>;

/** A bus as seen by two nodes; the same object twice if there is only one node. Only `subscribe` adds subscribers. */
export interface BusStage {
  readonly nodes: readonly [Bus, Bus];
  /** Subscribes at the first (0) or second (1) node, for a device that is connected there. */
  readonly subscribe: (node: 0 | 1, deviceID: string, ...how: Subscription) => Promise<End>;
}
export type Subscription = [
  deliver: (message: Readonly<Record<string, unknown>>) => void,
  replaced?: () => void,
];

/** @param open creates a bus without subscribers. The caller of the contract closes it */
export function busContract(name: string, open: () => Promise<BusStage>): void {
  describe(`${name} as a Bus`, () => {
    /** Helpers for devices, which are named after their users (`alice-1`), and the texts that each one has received. */
    const stage = async () => {
      const { nodes, subscribe } = await open();
      const receivedBy: Record<string, unknown[]> = {};
      const waiting = new Set<() => void>();
      const join = (node: 0 | 1, deviceID: string, replaced?: () => void, as = deviceID) => {
        const received = (receivedBy[as] ??= []);
        const deliver = ({ text }: Readonly<Record<string, unknown>>) => {
          received.push(text);
          for (const check of waiting) check();
        };
        return subscribe(node, deviceID, deliver, replaced);
      };
      /** Resolves when a device has received this text. */
      const until = (deviceID: string, text: string) =>
        new Promise<void>((resolve, reject) => {
          const check = () => {
            if (!receivedBy[deviceID]?.includes(text)) return;
            waiting.delete(check);
            clearTimeout(deadline);
            resolve();
          };
          const deadline = setTimeout(() => {
            reject(new Error(`${deviceID} did not receive "${text}"`));
          }, PATIENCE_MS);
          waiting.add(check);
          check();
        });
      const publish = (
        node: 0 | 1,
        userID: string,
        text: string,
        to: { toDevice?: string; exceptDevice?: string } = {},
      ) => nodes[node].publish(userID, { message: { text }, ...to });
      return { receivedBy, join, until, publish };
    };

    it('delivers to all devices of a user on all nodes, and returns their number', async () => {
      const { receivedBy: receivedBy, join, until, publish: publish } = await stage();
      await join(0, 'bob-1');
      await join(1, 'bob-2');
      await join(1, 'bob-3');
      await join(1, 'carol-1');
      const devices = ['bob-1', 'bob-2', 'bob-3'];
      for (const [node, text] of [
        [0, 'a'],
        [1, 'b'],
      ] as const) {
        assert.equal(await publish(node, 'bob', text), 3);
        for (const device of devices) await until(device, text);
      }
      assert.equal(await publish(0, 'carol', 'c'), 1);
      assert.equal(await publish(0, 'nobody', 'd'), 0);
      await until('carol-1', 'c');
      for (const device of devices) assert.deepEqual(receivedBy[device], ['a', 'b']);
      assert.deepEqual(receivedBy['carol-1'], ['c']);
    });

    it('delivers to a single device, or to all devices except one', async () => {
      const { receivedBy: receivedBy, join, until, publish: publish } = await stage();
      const devices = ['bob-1', 'bob-2', 'bob-3'];
      await join(0, 'bob-1');
      await join(1, 'bob-2');
      await join(1, 'bob-3');
      for (const node of [0, 1] as const) {
        for (const toDevice of devices) {
          assert.equal(await publish(node, 'bob', `to ${toDevice}`, { toDevice }), 1, toDevice);
        }
        assert.equal(await publish(node, 'bob', 'none', { toDevice: 'bob-4' }), 0);
        const both = { toDevice: 'bob-2', exceptDevice: 'bob-2' };
        assert.equal(await publish(node, 'bob', 'none', both), 0);
        for (const exceptDevice of devices) {
          assert.equal(await publish(node, 'bob', `not ${exceptDevice}`, { exceptDevice }), 2);
        }
        await publish(node, 'bob', `end ${node}`);
        for (const device of devices) await until(device, `end ${node}`);
      }
      for (const device of devices) {
        const others = devices.filter((other) => other !== device).map((other) => `not ${other}`);
        const each = [`to ${device}`, ...others];
        assert.deepEqual(receivedBy[device], [...each, 'end 0', ...each, 'end 1']);
      }
    });

    it('preserves the order of one publisher', async () => {
      const { receivedBy: receivedBy, join, until, publish: publish } = await stage();
      await join(0, 'bob-1');
      await join(1, 'bob-2');
      const texts = Array.from({ length: 200 }, (_, index) => String(index));
      await Promise.all(texts.map((text) => publish(0, 'bob', text)));
      await until('bob-1', '199');
      await until('bob-2', '199');
      assert.deepEqual(receivedBy['bob-1'], texts);
      assert.deepEqual(receivedBy['bob-2'], texts);
    });

    it('delivers to a device until its subscription has ended', async () => {
      const { receivedBy: receivedBy, join, until, publish: publish } = await stage();
      const [first, second] = [await join(1, 'bob-1'), await join(1, 'bob-2')];
      await first();
      assert.equal(await publish(0, 'bob', 'a'), 1);
      await until('bob-2', 'a');
      await second();
      await second();
      assert.equal(await publish(0, 'bob', 'b'), 0);
      await join(1, 'bob-1');
      assert.equal(await publish(0, 'bob', 'c'), 1);
      await until('bob-1', 'c');
      assert.deepEqual(receivedBy['bob-1'], ['c']);
      assert.deepEqual(receivedBy['bob-2'], ['a']);
    });

    for (const [where, node] of [
      ['on the same node', 0],
      ['on another node', 1],
    ] as const) {
      it(`replaces the older subscription of a device ${where}`, async () => {
        const { receivedBy: receivedBy, join, until, publish: publish } = await stage();
        let times = 0;
        let onReplaced = () => {};
        const wasReplaced = new Promise<void>((resolve) => (onReplaced = resolve));
        const replaced = () => {
          times += 1;
          onReplaced();
        };
        const endFirst = await join(0, 'bob-1', replaced, 'older');
        const end = await join(node, 'bob-1', undefined, 'newer');
        await wasReplaced;
        await endFirst();
        assert.equal(await publish(0, 'bob', 'a'), 1);
        await until('newer', 'a');
        assert.equal(await publish(1, 'bob', 'b', { toDevice: 'bob-1' }), 1);
        await until('newer', 'b');
        await end();
        assert.equal(await publish(0, 'bob', 'c'), 0);
        assert.deepEqual([times, receivedBy['older'], receivedBy['newer']], [1, [], ['a', 'b']]);
      });
    }
  });
}
