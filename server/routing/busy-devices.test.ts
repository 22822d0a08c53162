import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallInvitationService } from '../../src/core/index.js';
import { eventually } from '../../test/support/eventually.js';
import { ServerDevices } from '../../test/support/server-devices.js';

/* Busy on all devices through real servers: services of several devices, without a browser and without media. */
const is = (service: CallInvitationService, status: string) =>
  eventually(async () => service.$call.get().status === status, status);
/** Calls a user, and checks how the call ends. */
const callEnds = async (from: CallInvitationService, to: string, reason: string) => {
  await from.send({ invitees: [to], callType: 'voice' });
  await is(from, 'ended');
  assert.equal(from.$call.get().endReason, reason);
};

describe('a user with a device in a call', () => {
  const devices = new ServerDevices();
  const device = (userID: string, url: string) => devices.connect(userID, url);

  /** @param urls two servers of one system, or the same one twice */
  const checkBusy = async ([one, two]: readonly [string, string]) => {
    const [alice, carol] = [await device('alice', one), await device('carol', two)];
    const [laptop, phone] = [await device('bob', one), await device('bob', two)];
    const rings = new Set<string>();
    const noteRings = ({ $call }: CallInvitationService) =>
      $call.listen(({ status, callID }) => status === 'incoming' && rings.add(callID));
    noteRings(phone);
    await carol.send({ invitees: ['bob'], callType: 'voice' });
    await is(laptop, 'incoming');
    await is(phone, 'incoming');
    await laptop.accept();
    await is(laptop, 'active');
    await callEnds(alice, 'bob', 'busy');
    // A device that connects later knows it from the start.
    const tablet = await device('bob', two);
    noteRings(tablet);
    await callEnds(alice, 'bob', 'busy');
    assert.equal(rings.size, 1, 'the first call');
    // The laptop vanishes with its call.
    laptop.destroy();
    await is(carol, 'ended');
    await alice.send({ invitees: ['bob'], callType: 'voice' });
    await is(phone, 'incoming');
    await is(tablet, 'incoming');
  };

  devices.onOneServerAndTwoNodes('is busy on all devices until the call is over', checkBusy);

  it('is free after the device that was in the call has vanished', async () => {
    const server = await devices.server();
    const carol = await device('carol', server.url);
    const phone = await device('bob', server.url);
    const { io } = await import('socket.io-client');
    const socket = io(server.url, {
      transports: ['websocket'],
      auth: { userID: 'bob', userName: 'Bob', deviceID: 'wire' },
    });
    await new Promise<void>((resolve) => void socket.on('connect', resolve));
    socket.emit('hello', { over: [], missed: [] });
    const message = {
      ...{ v: 1, id: 'w1', type: 'busy', callID: 'x', to: ['bob'], callIDs: ['x'] },
      ...{ records: [], names: [], remaining: [] },
    };
    assert.deepEqual(await socket.emitWithAck('message', message), { reached: [] });
    const forged = { ...message, id: 'w2', device: 'other' };
    assert.deepEqual(await socket.emitWithAck('message', forged), {
      error: { code: 'not-allowed' },
    });
    // The socket does not answer: without a time-out, the caller would wait for it for eight seconds.
    const call = { invitees: ['bob'], callType: 'voice', timeoutSeconds: 1 } as const;
    await carol.send(call);
    await is(carol, 'ended');
    assert.deepEqual([carol.$call.get().endReason, phone.$call.get().status], ['busy', 'idle']);
    socket.disconnect();
    await eventually(async () => {
      await carol.send(call);
      await eventually(
        async () =>
          ['incoming', 'ended'].includes(phone.$call.get().status) ||
          carol.$call.get().status === 'ended',
        'the call rings or ends',
      );
      return phone.$call.get().status === 'incoming';
    }, 'the phone rings');
  });
});
