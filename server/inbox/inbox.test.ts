import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import { UNLIMITED } from '../../test/support/unlimited.js';
import { invite, record, createMessage } from '../../test/support/wire-client.js';

describe('the inbox', () => {
  let server: CallServerProcess;
  const clients = useClients();
  before(async () => {
    server = await CallServerProcess.start({ vanishAfterMs: 200, limits: UNLIMITED });
  });
  after(() => server.stop());

  const connect = (deviceID: string) => clients.connect(server.url, deviceID);
  const ready = (deviceID: string) => clients.ready(server.url, deviceID);
  const inCall = (callID: string) => ({ current: { callID, phase: 'in' as const, round: 1 } });
  const selected = (callID: string, device: string) => {
    const [user = ''] = device.split('-');
    return {
      ...createMessage('select', callID, [user], { user }),
      records: [record('alice', 'in', { device: 'alice-1' }), record(user, 'in', { device })],
    };
  };
  const cancel = (callID: string, user: string, reason: 'canceled' | 'timeout' | 'glare') =>
    createMessage('cancel', callID, [user], { user, reason, customData: '' });

  it('delivers an open invitation to a user who connects later, with the remaining time', async () => {
    const alice = await ready('alice-1');
    const sent = invite('away', ['bob']);
    const answer = await alice.send({ ...sent, novelty: 'x'.repeat(60_000) });
    assert.deepEqual(answer, { reached: [{ user: 'bob', devices: 0 }] });
    const bob = await connect('bob-1');
    const report = await bob.hello();
    assert.equal(bob.received.length, 1, 'received before the inbox report');
    const [raw] = bob.received;
    const stamped = ['from', 'at', 'replay'];
    assert.deepEqual(Object.keys(raw ?? {}).sort(), [...Object.keys(sent), ...stamped].sort());
    const replayed = await bob.next('invite');
    assert.equal(replayed.id, sent.id);
    assert.equal(replayed.replay, true);
    assert.deepEqual(replayed.from, { userID: 'alice', userName: 'alice', deviceID: 'alice-1' });
    const [remaining] = replayed.remaining;
    for (const ms of [replayed.remainingMs, remaining?.ms ?? 0]) {
      assert.ok(ms < 60_000 && ms > 1_000, `${String(ms)} ms left`);
    }
    assert.equal(replayed.timeoutMs, 60_000);
    assert.deepEqual(report, {
      missed: [],
      settled: [],
      history: 0,
      busy: [],
      preferences: { blocked: [] },
    });
  });

  it('delivers an open invitation to every further device until it is settled', async () => {
    const [alice, bob] = [await ready('alice-1'), await ready('bob-1')];
    await alice.send(invite('further', ['bob']));
    const second = await ready('bob-2');
    await second.next('invite', ({ callID }) => callID === 'further');
    await bob.send(
      createMessage('accept', 'further', ['alice', 'bob'], { round: 1, customData: '' }),
    );
    const third = await connect('bob-3');
    const { settled } = await third.hello();
    assert.deepEqual(settled.at(-1), { callID: 'further', round: 1, how: 'answered' });
    assert.equal(third.received.length, 0);
  });

  it('reports a missed call as fresh only once, to the first device', async () => {
    const alice = await ready('alice-1');
    const sent = invite('missed', ['carol'], { customData: 'why' });
    await alice.send(sent);
    await alice.send(cancel('missed', 'carol', 'timeout'));
    const first = await (await connect('carol-1')).hello();
    assert.equal(first.missed.length, 1);
    const [missed] = first.missed;
    assert.equal(missed?.reason, 'timeout');
    assert.equal(missed.fresh, true);
    assert.equal(missed.invite.id, sent.id);
    assert.equal(missed.invite.customData, 'why');
    assert.equal(missed.invite.from.userID, 'alice');
    assert.deepEqual(first.settled, [{ callID: 'missed', round: 1, how: 'ended' }]);
    const second = await (await connect('carol-2')).hello();
    assert.deepEqual(
      second.missed.map(({ fresh }) => fresh),
      // The first device may still be settling it, so the second one does not get it yet.
      [],
    );
  });

  it('reports whether a missed call was cancelled or timed out', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('cancelled', ['dora']));
    await alice.send(cancel('cancelled', 'dora', 'canceled'));
    const { missed } = await (await connect('dora-1')).hello();
    assert.deepEqual(
      missed.map(({ reason }) => reason),
      ['canceled'],
    );
  });

  it('does not report missed calls that were answered or handled, or that the device knows already', async () => {
    const alice = await ready('alice-1');
    for (const callID of ['answered', 'handled', 'known']) {
      await alice.send(invite(callID, ['emil']));
      await alice.send(cancel(callID, 'emil', 'canceled'));
    }
    const emil = await connect('emil-1');
    const { missed } = await emil.hello({
      over: [{ callID: 'answered', record: record('emil', 'declined') }],
      missed: ['known'],
    });
    assert.deepEqual(
      missed.map(({ invite: { callID } }) => callID),
      ['handled'],
    );
    await emil.send(createMessage('seen', 'handled', [], { callIDs: ['handled'] }));
    const { settled } = await (await connect('emil-2')).hello();
    assert.deepEqual(
      settled.map(({ callID, how }) => `${callID} ${how}`),
      ['handled ended', 'known ended', 'answered answered'],
    );
  });

  it('reports handled missed calls to each device that connects, after the inbox report', async () => {
    const alice = await ready('alice-1');
    for (const callID of ['new', 'seen', 'dismissed']) {
      await alice.send(invite(callID, ['quinn']));
      await alice.send(cancel(callID, 'quinn', 'canceled'));
    }
    const first = await ready('quinn-1');
    const seen = (callID: string, dismissed?: boolean) =>
      createMessage('seen', callID, ['quinn'], {
        callIDs: [callID],
        ...(dismissed !== undefined && { dismissed }),
      });
    await first.send(seen('seen'));
    await first.send(seen('dismissed', true));
    assert.equal((await first.allFrom(alice)).length, 0);

    const second = await connect('quinn-2');
    const order: string[] = [];
    second.socket.onAny((event: string) => order.push(event));
    await second.hello();
    const messages = await Promise.all(
      [false, true].map((dismissed) =>
        second.next('seen', (message) => message.dismissed === dismissed),
      ),
    );
    assert.deepEqual(
      order.filter((event) => event !== 'time'),
      ['drained', 'message', 'message'],
    );
    assert.deepEqual(
      messages.map(({ callID, callIDs, to, from }) => ({ callID, callIDs, to, from })),
      ['seen', 'dismissed'].map((callID) => ({
        callID,
        callIDs: [callID],
        to: ['quinn'],
        from: { userID: 'quinn', userName: 'quinn', deviceID: '@server' },
      })),
    );
    assert.equal((await second.allFrom(alice)).length, 2);
  });

  it('accepts that a device has handled a call before the server knows that the call has ended', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('early', ['rosa']));
    const rosa = await ready('rosa-1');
    await rosa.send(createMessage('seen', 'early', [], { callIDs: ['early'], dismissed: true }));
    await alice.send(cancel('early', 'rosa', 'timeout'));
    const second = await connect('rosa-2');
    const { missed } = await second.hello();
    assert.deepEqual(missed, []);
    assert.deepEqual((await second.next('seen')).callIDs, ['early']);
  });

  it('ignores answers that a user claims on behalf of another user', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('trick', ['fay']));
    const eve = await connect('eve-1');
    await eve.hello({ over: [{ callID: 'trick', record: record('fay', 'declined') }] });
    await eve.send(createMessage('accept', 'trick', ['alice'], { round: 1, customData: '' }));
    const fay = await ready('fay-1');
    await fay.next('invite', ({ callID }) => callID === 'trick');
  });

  it('drops the invitation of a glared call without a missed call', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('glare', ['gus']));
    await alice.send(cancel('glare', 'gus', 'glare'));
    const gus = await connect('gus-1');
    assert.deepEqual(await gus.hello(), {
      missed: [],
      settled: [],
      history: 0,
      busy: [],
      preferences: { blocked: [] },
    });
    assert.equal(gus.received.length, 0);
  });

  it('removes the missed call of a glared call that is cancelled after its time-out', async () => {
    const alice = await ready('alice-1');
    for (const callID of ['late-glare', 'late-cancel']) {
      await alice.send(invite(callID, ['gil']));
      await alice.send(cancel(callID, 'gil', 'timeout'));
      const reason = callID === 'late-glare' ? 'glare' : 'canceled';
      await alice.send(cancel(callID, 'gil', reason));
    }
    const { missed, settled } = await (await connect('gil-1')).hello();
    assert.deepEqual(
      missed.map(({ invite: { callID } }) => callID),
      ['late-cancel'],
    );
    assert.deepEqual(settled, [{ callID: 'late-cancel', round: 1, how: 'ended' }]);
  });

  it('does not deliver a settled invitation again, but still counts the devices', async () => {
    const [alice, bob] = [await ready('alice-1'), await ready('hal-1')];
    const sent = invite('again', ['hal']);
    await alice.send(sent);
    await bob.send(
      createMessage('decline', 'again', ['alice'], {
        round: 1,
        reason: 'declined',
        customData: '',
      }),
    );
    assert.deepEqual(await alice.send(sent), { reached: [{ user: 'hal', devices: 1 }] });
    assert.equal((await bob.allFrom(alice)).length, 1);
    const next = invite('again', ['hal'], {
      records: [
        record('alice', 'in', { device: 'alice-1' }),
        record('hal', 'inviting', { round: 2 }),
      ],
    });
    await alice.send(next);
    assert.equal((await bob.allFrom(alice)).length, 2);
  });

  it('does not settle an invitation because one device is busy', async () => {
    const [alice, bob] = [await ready('alice-1'), await ready('ida-1')];
    await alice.send(invite('busy', ['ida']));
    await bob.send(
      createMessage('decline', 'busy', ['alice'], { round: 1, reason: 'busy', customData: '' }),
    );
    const second = await ready('ida-2');
    await second.next('invite', ({ callID }) => callID === 'busy');
  });

  it('treats the coordinator’s select as an answer, and tracks the members of the call by it', async () => {
    const [alice, bob] = [await ready('alice-1'), await ready('joe-1')];
    await alice.send(invite('selected', ['joe', 'kim']));
    await alice.send(selected('selected', 'joe-1'));
    const { settled } = await (await connect('joe-2')).hello();
    assert.deepEqual(settled, [{ callID: 'selected', round: 1, how: 'answered' }]);
    // Alice leaves and Joe is in the call, so a device of Kim that connects now still gets the invitation.
    await alice.send({
      ...createMessage('leave', 'selected', ['joe'], { reason: 'hung-up' }),
      records: [record('alice', 'left', { device: 'alice-1' })],
    });
    alice.close();
    await bob.hello(inCall('selected'));
    const kim = await ready('kim-1');
    await kim.next('invite', ({ callID }) => callID === 'selected');
  });

  it('withholds an invitation while no device of its call is connected', async () => {
    await server.restart();
    const alice = await connect('alice-1');
    await alice.hello();
    await alice.send(invite('held', ['leo']));
    await server.restart();
    const leo = await connect('leo-1');
    await leo.hello();
    assert.equal(leo.received.length, 0);
    const back = await connect('alice-1');
    await back.hello(inCall('held'));
    const replayed = await leo.next('invite', ({ callID }) => callID === 'held');
    assert.equal(replayed.replay, true);
  });

  it('cancels an invitation after a restart when its inviter does not reconnect', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('orphan', ['mia']));
    await server.restart();
    const mia = await ready('mia-1');
    const message = await mia.next('cancel', ({ callID }) => callID === 'orphan');
    assert.equal(message.reason, 'lost');
    assert.deepEqual(message.records, [record('mia', 'canceled')]);
    assert.deepEqual(message.from, { userID: 'alice', userName: 'alice', deviceID: '@server' });
  });

  it('ends an invitation after its time-out when no client does', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('short', ['nina'], { remainingMs: 0, timeoutMs: 1_000 }));
    const nina = await connect('nina-1');
    const ended = async () => {
      const metrics = await fetch(new URL('/metrics', server.url));
      return (await metrics.text()).includes('ringkit_invitations_total{outcome="timeout"}');
    };
    assert.equal(await ended(), false);
    await eventually(ended, 'the server ends the invitation');
    const { settled } = await nina.hello();
    assert.deepEqual(settled, [{ callID: 'short', round: 1, how: 'ended' }]);
  });

  it('ends the invitations of a call when its initiator ends the call', async () => {
    const alice = await ready('alice-1');
    await alice.send(invite('ended', ['olga'], { endWithInitiator: true }));
    await alice.send(createMessage('end', 'ended', ['olga'], { reason: 'initiator-left' }));
    const { missed } = await (await connect('olga-1')).hello();
    assert.deepEqual(
      missed.map(({ reason, fresh }) => ({ reason, fresh })),
      [{ reason: 'canceled', fresh: true }],
    );
  });

  it('loses no message that is sent while the recipient connects', async () => {
    const alice = await ready('alice-1');
    for (let turn = 0; turn < 10; turn += 1) {
      const sent = Array.from({ length: 40 }, (_, index) =>
        invite(`burst-${String(turn)}-${String(index)}`, ['pia']),
      );
      const connecting = ready('pia-1');
      await Promise.all(sent.map((message) => alice.send(message)));
      const pia = await connecting;
      await pia.allFrom(alice);
      const received = new Set(pia.received.map(({ id }) => id));
      assert.equal(sent.filter(({ id }) => !received.has(id)).length, 0);
      pia.close();
      for (const { callID } of sent) await alice.send(cancel(callID, 'pia', 'glare'));
    }
  });
});
