import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../src/core/clock/system-clock.js';
import { createMemoryNetwork } from '../src/core/transports/memory.js';
import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../src/core/ports/signal-transport.js';
import type { Message } from '../src/core/protocol/messages.js';
import { signalTransportContract } from '../test/contract/signal-transport.js';
import { createFakeClock } from '../test/support/fake-clock.js';
import { ChaoticTransport } from './chaotic-transport.js';
import { HARMS, isHarm, readHarms, type Harm } from './chaos.js';

const me: TransportIdentity = { userID: 'me', userName: 'Me', deviceID: 'm-1' };
const sent = { id: 'out' } as Message;

/** A transport that the test controls. */
class ControlledTransport implements SignalTransport {
  readonly opened: TransportIdentity[] = [];
  readonly hellos: unknown[] = [];
  #handle: ((event: TransportEvent) => void) | undefined;

  open(identity: TransportIdentity, handle: (event: TransportEvent) => void): void {
    this.opened.push(identity);
    this.#handle = handle;
  }
  hello(hello: unknown): void {
    this.hellos.push(hello);
  }
  async send(): Promise<SendOutcome> {
    return this.isOpen ? { type: 'acknowledged', reached: [] } : { type: 'lost' };
  }
  close(): void {
    this.#handle = undefined;
  }
  get isOpen(): boolean {
    return this.#handle !== undefined;
  }
  emit(event: TransportEvent): void {
    this.#handle?.(event);
  }
  /** Delivers a message of a device: `a1` is the first message of device `a`. */
  deliver(...ids: string[]): void {
    for (const id of ids)
      this.emit({ type: 'message', message: { id, from: { deviceID: id.charAt(0) } } });
  }
}

/** @param draws results of the random source, in order; the last one is repeated */
function setUp(faults: Harm[] = [], draws: number[] = [0.5]) {
  const clock = createFakeClock();
  const inner = new ControlledTransport();
  const done: Harm[] = [];
  const received: string[] = [];
  const events: TransportEvent[] = [];
  const left = [...draws];
  const transport = new ChaoticTransport(inner, {
    clock,
    random: () => (left.length > 1 ? left.shift()! : left[0]!),
    onHarm: (harm) => done.push(harm),
  });
  transport.harm(faults);
  const open = () =>
    transport.open(me, (event) => {
      events.push(event);
      received.push(
        event.type === 'message'
          ? String((event.message as { id?: string } | null)?.id)
          : event.type,
      );
    });
  open();
  inner.emit({ type: 'online' });
  received.length = 0;
  const count = (harm: Harm) => done.filter((each) => each === harm).length;
  return { clock, inner, transport, received, events, done, count, open };
}

describe('ChaoticTransport without faults', () => {
  it('passes all events on immediately and unchanged', async () => {
    const { clock, inner, transport, received, events, done } = setUp();
    const message = { id: 'a1' };
    inner.emit({ type: 'message', message });
    assert.equal((events.at(-1) as { message: unknown }).message, message);
    inner.deliver('a2', 'b1');
    inner.emit({ type: 'drained', inbox: 7 });
    inner.emit({ type: 'offline' });
    inner.emit({ type: 'online' });
    inner.emit({ type: 'refused', message: 'No.' });
    assert.deepEqual(received, ['a1', 'a2', 'b1', 'drained', 'offline', 'online', 'refused']);
    transport.hello({ over: [], missed: [] });
    assert.deepEqual(inner.hellos, [{ over: [], missed: [] }]);
    assert.deepEqual(await transport.send(sent), { type: 'acknowledged', reached: [] });
    assert.deepEqual(inner.opened, [me]);
    assert.deepEqual([done, clock.timers], [[], 0]);
  });

  it('passes malformed messages on unchanged', () => {
    const { inner, events } = setUp();
    for (const message of [null, 7, 'text', {}, { from: null }])
      inner.emit({ type: 'message', message });
    assert.equal(events.length, 6);
  });
});

describe('ChaoticTransport with faults', () => {
  it('delays each message by a random time and keeps the order', async () => {
    // 0.5 is 575 ms, 0 is 100 ms.
    const { clock, inner, received, count } = setUp(['delay'], [0.5, 0]);
    inner.deliver('a1', 'b1');
    await clock.advance(574);
    assert.deepEqual(received, []);
    await clock.advance(1);
    assert.deepEqual(received, ['a1', 'b1']);
    assert.deepEqual([count('delay'), count('reorder')], [2, 0]);
  });

  it('reorders messages of different senders, never those of one sender', async () => {
    // Only the first message is held, for 900 ms.
    const { clock, inner, received, count } = setUp(['reorder'], [0, 0.5, 0.9]);
    inner.deliver('a1', 'a2', 'b1', 'c1');
    assert.deepEqual(received, ['b1', 'c1']);
    await clock.advance(900);
    assert.deepEqual(received, ['b1', 'c1', 'a1', 'a2']);
    assert.equal(count('reorder'), 2);
  });

  it('repeats a message after its first delivery', async () => {
    const { clock, inner, received, count } = setUp(['repeat'], [0, 0, 0.9]);
    inner.deliver('a1', 'a2');
    assert.deepEqual(received, ['a1', 'a2']);
    assert.equal(count('repeat'), 0);
    await clock.advance(200);
    assert.deepEqual(received, ['a1', 'a2', 'a1']);
    assert.equal(count('repeat'), 1);
  });

  it('never repeats a message before its first delivery', async () => {
    // a1 is delayed by 2 s; a2 is not delayed, and repeated after 200 ms.
    const { clock, inner, received } = setUp(['delay', 'repeat'], [0.999, 0.9, 0, 0, 0]);
    inner.deliver('a1', 'a2');
    await clock.advance(5_000);
    assert.deepEqual(received, ['a1', 'a2', 'a2']);
  });

  it('passes `drained` on after all earlier events', async () => {
    const { clock, inner, received } = setUp(['delay', 'reorder'], [0.5]);
    inner.deliver('a1');
    inner.emit({ type: 'drained', inbox: 7 });
    inner.deliver('b1');
    assert.deepEqual(received, []);
    await clock.advance(2_000);
    assert.deepEqual(received, ['a1', 'drained', 'b1']);
  });

  it('cuts the connection and restores it', async () => {
    const { clock, inner, transport, received, count } = setUp(['cut'], [0]);
    await clock.advance(7_999);
    assert.equal(inner.isOpen, true);
    await clock.advance(1);
    assert.equal(inner.isOpen, false);
    assert.deepEqual(received, ['offline']);
    assert.deepEqual(await transport.send(sent), { type: 'lost' });
    await clock.advance(500);
    assert.deepEqual(inner.opened, [me, me]);
    inner.emit({ type: 'connecting' });
    inner.emit({ type: 'offline' });
    inner.emit({ type: 'online' });
    inner.emit({ type: 'drained', inbox: 7 });
    assert.deepEqual(received, ['offline', 'online', 'drained']);
    assert.equal(count('cut'), 1);
    await clock.advance(8_000);
    assert.equal(count('cut'), 2);
  });

  it('loses only the messages that are in transit when the connection is cut', async () => {
    const { clock, inner, received } = setUp(['cut', 'delay', 'repeat'], [0, 0.999, 0.5]);
    // The repetition would be due after the cut.
    await clock.advance(7_000);
    inner.deliver('a1');
    await clock.advance(999);
    assert.deepEqual(received, []);
    await clock.advance(1);
    inner.emit({ type: 'message', message: { id: 'late' } });
    assert.deepEqual(received, ['offline']);
    const { clock: other, inner: broken, received: rest } = setUp(['delay'], [0.999]);
    broken.deliver('a1');
    broken.emit({ type: 'offline' });
    broken.emit({ type: 'online' });
    await other.advance(5_000);
    assert.deepEqual(rest, ['offline', 'online']);
  });

  it('does not cut a connection that is not established', async () => {
    const { clock, inner, received, count } = setUp(['cut'], [0]);
    inner.emit({ type: 'offline' });
    await clock.advance(60_000);
    assert.deepEqual(received, ['offline']);
    inner.emit({ type: 'refused', message: 'No.' });
    await clock.advance(60_000);
    assert.deepEqual([count('cut'), clock.timers], [0, 0]);
  });

  it('delivers delayed messages in order and makes no cut after the faults are switched off', async () => {
    const { clock, inner, transport, received, count } = setUp(['delay', 'cut'], [0, 0.5]);
    inner.deliver('a1');
    transport.harm([]);
    inner.deliver('a2');
    assert.deepEqual(received, []);
    await clock.advance(600);
    assert.deepEqual(received, ['a1', 'a2']);
    inner.deliver('a3');
    assert.deepEqual(received, ['a1', 'a2', 'a3']);
    await clock.advance(60_000);
    assert.deepEqual([count('cut'), clock.timers], [0, 0]);
    transport.harm(['cut']);
    await clock.advance(60_000);
    assert.equal(count('cut'), 1);
  });

  it('restores the connection when the faults are switched off during a cut', async () => {
    const { clock, inner, transport } = setUp(['cut'], [0]);
    await clock.advance(8_000);
    assert.equal(inner.isOpen, false);
    transport.harm([]);
    await clock.advance(500);
    assert.equal(inner.isOpen, true);
  });

  it('stops all timers when it is closed, and can be opened again', async () => {
    for (const passed of [0, 8_000]) {
      const { clock, inner, transport, received, open } = setUp([...HARMS], [0]);
      await clock.advance(passed);
      received.length = 0;
      inner.deliver('a1', 'b1');
      transport.close();
      assert.deepEqual([inner.isOpen, clock.timers], [false, 0]);
      await clock.advance(60_000);
      assert.deepEqual(received, []);
      transport.harm(['repeat']);
      open();
      inner.emit({ type: 'connecting' });
      assert.deepEqual(received, ['connecting']);
    }
  });

  it('can be closed by its event handler', async () => {
    const { clock, inner, transport, received, events } = setUp(['delay'], [0]);
    inner.deliver('a1', 'a2');
    const push = events.push.bind(events);
    events.push = (...more) => {
      transport.close();
      return push(...more);
    };
    await clock.advance(1_000);
    assert.deepEqual(received, ['a1']);
  });
});

describe('readHarms', () => {
  it('returns each known fault once and ignores other names', () => {
    assert.deepEqual(readHarms('cut,delay,fire,cut'), ['delay', 'cut']);
    assert.deepEqual(readHarms(''), []);
    assert.deepEqual(readHarms(HARMS.join()), [...HARMS]);
    assert.deepEqual(['delay', 'fire', '', null].map(isHarm), [true, false, false, false]);
  });
});

// With delays and reordering, the transport still fulfils the contract of its port.
for (const faults of [[], ['delay', 'reorder']] as const) {
  const network = createMemoryNetwork();
  const wires = new Map<SignalTransport, SignalTransport>();
  let seed = 7;
  signalTransportContract(
    {
      name: `ChaoticTransport with ${faults.join(' and ') || 'no faults'}`,
      breaks: true,
      start: async () => ({
        transport: () => {
          const inner = network.transport();
          const outer = new ChaoticTransport(inner, {
            // A hundred times faster.
            clock: {
              now: () => systemClock.now() * 100,
              after: (ms, run) => systemClock.after(ms / 100, run),
            },
            random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
            onHarm: () => {},
          });
          outer.harm(faults);
          wires.set(outer, inner);
          return outer;
        },
        close: async () => {},
        cut: async () => wires.forEach((inner) => network.disconnect(inner)),
        mend: async () => wires.forEach((inner) => network.reconnect(inner)),
      }),
    },
    { describe, it, before, after },
  );
}
