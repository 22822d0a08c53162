import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createCallInvitationService, type CallInvitationService } from '../../src/core/index.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';

/* Busy on all devices through real servers: services of several devices, without a browser and without media. */
const services: CallInvitationService[] = [];

const device = async (userID: string, url: string) => {
  const service = createCallInvitationService({
    user: { userID, userName: userID.toUpperCase() },
    transport: createServerTransport(url),
  });
  services.push(service);
  // The call history is ready after the initial sync.
  await eventually(
    async () => service.$callHistoryState.get() !== 'loading',
    `${userID} is connected`,
  );
  return service;
};
const is = (service: CallInvitationService, status: string) =>
  eventually(async () => service.$call.get().status === status, status);
/** Calls a user, and checks how the call ends. */
const callEnds = async (from: CallInvitationService, to: string, reason: string) => {
  await from.send({ invitees: [to], callType: 'voice' });
  await is(from, 'ended');
  assert.equal(from.$call.get().endReason, reason);
};

/** @param urls two servers of one system, or the same one twice */
async function checkBusy(urls: readonly [string, string]): Promise<void> {
  const [one, two] = urls;
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
}

describe('a user with a device in a call', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) service.destroy();
    for (const stop of stops.splice(0)) await stop();
  });

  it('is busy on all devices until the call is over', async () => {
    const server = await CallServerProcess.start({ vanishAfterMs: 300 });
    stops.push(() => server.stop());
    await checkBusy([server.url, server.url]);
  });

  it('is busy on the devices at another node', { skip: withoutRedis }, async () => {
    const redis = await RedisServer.start();
    const start = () => CallServerProcess.start({ redis: redis.url, vanishAfterMs: 300 });
    const [one, two] = await Promise.all([start(), start()]);
    stops.push(
      () => one.stop(),
      () => two.stop(),
      () => redis.stop(),
    );
    await checkBusy([one.url, two.url]);
  });

  it('is free after the device that was in the call has vanished', async () => {
    const server = await CallServerProcess.start({ vanishAfterMs: 300 });
    stops.push(() => server.stop());
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
    await carol.send({ invitees: ['bob'], callType: 'voice' });
    assert.equal(phone.$call.get().status, 'idle');
    socket.disconnect();
    await carol.cancel();
    await eventually(async () => {
      await carol.send({ invitees: ['bob'], callType: 'voice' });
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
