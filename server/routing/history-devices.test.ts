import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { eventually } from '../../test/support/eventually.js';
import type { ServeOptions } from '../../test/support/serve.js';
import { createCallInvitationService, type CallInvitationService } from '../../src/core/index.js';
import { createServerTransport } from '../../src/core/transports/server.js';

/* The call history through a real server: services of several devices, without a browser and without media. */
describe('the call history of devices at a server', () => {
  let server: CallServerProcess;
  let folder: string | undefined;
  const services: CallInvitationService[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) service.destroy();
    await server.stop();
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const start = async (options: ServeOptions = {}) => {
    server = await CallServerProcess.start({ vanishAfterMs: 300, ...options });
  };
  const device = async (userID: string) => {
    const service = createCallInvitationService({
      user: { userID, userName: userID.toUpperCase() },
      transport: createServerTransport(server.url),
    });
    services.push(service);
    await eventually(
      async () => service.$callHistoryState.get() !== 'loading',
      `${userID} is ready`,
    );
    return service;
  };
  const shown = ({ $callHistory }: CallInvitationService): string[] =>
    $callHistory.get().map(({ direction, outcome, caller, durationMs }) => {
      const duration = durationMs === undefined ? '' : ' with duration';
      return `${direction} ${outcome} by ${caller.userID}${duration}`;
    });
  const shows = (service: CallInvitationService, expected: string[]) =>
    eventually(
      async () => {
        return JSON.stringify(shown(service)) === JSON.stringify(expected);
      },
      `${service.user?.userID ?? ''} shows ${JSON.stringify(expected)}, not ${JSON.stringify(shown(service))}`,
    );
  const is = (service: CallInvitationService, status: string) =>
    eventually(async () => service.$call.get().status === status, status);
  const talk = async (from: CallInvitationService, to: CallInvitationService) => {
    await from.send({ invitees: [to.user?.userID ?? ''], callType: 'video' });
    await is(to, 'incoming');
    await to.accept();
    await is(to, 'active');
    await from.hangUp();
  };

  it('has each call once on all devices, and deletes and restores it on all; also after a restart', async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringkit-history-devices-'));
    await start({ dataDir: folder });
    const [alice, bob, laptop] = [await device('alice'), await device('bob'), await device('bob')];
    await talk(alice, bob);
    await shows(alice, ['outgoing answered by alice with duration']);
    const answered = 'incoming answered by alice with duration';
    for (const one of [bob, laptop]) await shows(one, [answered]);

    await is(alice, 'idle');
    await alice.send({ invitees: ['bob'], callType: 'voice' });
    await is(bob, 'incoming');
    await bob.decline();
    const declined = 'incoming declined by alice';
    for (const one of [bob, laptop]) await shows(one, [declined, answered]);

    const [last] = bob.$callHistory.get();
    const callIDs = [last?.callID ?? ''];
    await bob.deleteHistory(callIDs);
    await shows(laptop, [answered]);
    await bob.restoreHistory(callIDs);
    await shows(laptop, [declined, answered]);
    await bob.deleteHistory(callIDs);
    await shows(laptop, [answered]);

    await server.restart();
    // A device that has never been connected before.
    const fresh = await device('bob');
    await shows(fresh, [answered]);

    await is(alice, 'idle');
    await eventually(async () => alice.$connection.get() === 'connected', 'alice is back');
    await fresh.callAgain(fresh.$callHistory.get()[0]?.callID ?? '');
    await is(alice, 'incoming');
    assert.equal(alice.$call.get().callType, 'video');
    await alice.decline();
    await shows(fresh, ['outgoing declined by bob', answered]);
    await fresh.deleteHistory('all');
    await eventually(async () => bob.$connection.get() === 'connected', 'bob is back');
    for (const one of [bob, laptop, fresh]) await shows(one, []);
    assert.equal(alice.$callHistory.get().length, 3);
  });

  it('keeps nothing if the server keeps none', async () => {
    await start({ history: false });
    const [alice, bob] = [await device('alice'), await device('bob')];
    await talk(alice, bob);
    await is(bob, 'idle');
    for (const one of [alice, bob]) {
      assert.deepEqual([shown(one), one.$callHistoryState.get()], [[], 'off']);
    }
  });
});
