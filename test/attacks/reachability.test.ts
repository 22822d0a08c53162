import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Message } from '../../src/core/protocol/messages.js';
import {
  BACKENDS,
  openRelayFixture,
  ServerFixture,
  type AttackFixture,
} from '../support/attack-fixture.js';
import { assertUnharmed, callWith } from '../support/attacked-call.js';
import { eventually } from '../support/eventually.js';
import { CARRIER_TYPES, CARRIERS } from '../support/lying-client.js';
import { invite, createMessage } from '../support/wire-client.js';

/*
 * A stranger tries to make users unreachable by using the IDs of their messages and devices.
 */

/** Messages that do not ring. */
const harmless: readonly (readonly [string, (callID: string, to: string) => object])[] = [
  ...CARRIER_TYPES.filter((type) => type !== 'invite').map(
    (type) =>
      [
        type,
        (callID: string, to: string): Message =>
          CARRIERS[type]({ callID, to: [to], records: [], subject: to }),
      ] as const,
  ),
  ['seen', (callID, to) => createMessage('seen', callID, [to], { callIDs: [callID] })],
  ['invite of another version', (callID, to) => ({ ...invite(callID, [to]), v: 2 })],
];
const MESSAGES = 200;

for (const [where, open] of [
  ['with the server', () => ServerFixture.open()],
  ['with a relay that checks nothing', openRelayFixture],
] as const) {
  describe(`a call of two users, ${where}`, () => {
    let fixture: AttackFixture;
    afterEach(() => fixture.close());

    for (const [type, message] of harmless) {
      for (const whose of ['caller', 'callee'] as const) {
        it(`is set up although a stranger has used the message IDs of its ${whose} in messages of type ${type}`, async () => {
          fixture = await open();
          const [alice, bob, mallory] = [
            await fixture.person('alice'),
            await fixture.person('bob'),
            await fixture.liar('mallory'),
          ];
          const [owner, recipient] = whose === 'caller' ? [alice, bob] : [bob, alice];
          for (let number = 1; number <= MESSAGES; number += 1) {
            const id = `${owner.device}-${number}`;
            await mallory.send({ ...message(`call ${number}`, recipient.userID), id });
          }
          await fixture.settle();
          const callID = await alice.rings('bob');
          await bob.is('incoming');
          assert.equal(bob.call.callID, callID);
          await alice.is('ringing-out');
          await bob.service.accept();
          await Promise.all([alice.is('active'), bob.is('active')]);
          await bob.service.hangUp();
          await alice.is('ended');
        });
      }
    }
  });
}

for (const [backend, options, open] of BACKENDS) {
  describe(`a device, with a server ${backend}`, options, () => {
    let fixture: ServerFixture;
    afterEach(() => fixture.close());

    /** Connects with this device ID. The server may accept it as a device of Mallory, or reject it. */
    const connectAs = (deviceID: string) =>
      fixture.liar('mallory', deviceID).catch((): undefined => undefined);

    it('rejoins its call after a restart, although a stranger has connected with its ID first', async () => {
      fixture = await open();
      const call = await callWith('was never invited', fixture);
      const { alice, bob } = call;
      const release = fixture.hold('bob');
      await fixture.restart();
      await Promise.all([bob.isDisconnected(), alice.isConnected()]);
      await connectAs(bob.device);
      release();
      await bob.isConnected();
      assertUnharmed(call);
      await alice.service.hangUp();
      await bob.is('ended');
    });

    it('reconnects after the server has forgotten it, while a stranger is connected with its ID', async () => {
      fixture = await open();
      const alice = await fixture.person('alice');
      // Like a laptop that was asleep: its device was connected once, but the server has no state of it.
      const DEVICE = 'bob-that-comes-later';
      await fixture.initialSync('bob');
      const isForgotten = async () =>
        (await fixture.server.users()).every(({ userID }) => userID !== 'bob');
      await eventually(isForgotten, 'bob is disconnected');
      const stranger = await fixture.liar('mallory', DEVICE);
      const bob = await fixture.liar('bob', DEVICE);
      const callID = await alice.rings('bob');
      await bob.receivesType('invite', callID);
      await fixture.settle();
      assert.deepEqual(
        stranger.received.filter((message) => message['callID'] === callID),
        [],
      );
    });

    it('stays in its call, and gets its messages, when a stranger connects with its ID', async () => {
      fixture = await open();
      const call = await callWith('was never invited', fixture);
      const { alice, bob, callID } = call;
      const stranger = await connectAs(bob.device);
      await fixture.settle();
      assertUnharmed(call);
      await alice.service.hangUp();
      await bob.is('ended');
      const received = stranger?.received.filter((message) => message['callID'] === callID) ?? [];
      assert.deepEqual(received, []);
    });

    it('stays in its call when a stranger names it as replaced', async () => {
      fixture = await open();
      const call = await callWith('was never invited', fixture);
      for (const { device } of call.people) await fixture.liar('mallory', `not-${device}`, device);
      await fixture.settle();
      assertUnharmed(call);
    });
  });
}
