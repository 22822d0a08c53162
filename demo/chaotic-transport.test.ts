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

/** A wire that does nothing but what the test says. */
class HandWire implements SignalTransport {
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
  tell(event: TransportEvent): void {
    this.#handle?.(event);
  }
  /** A message of a device: `a1` is the first one of device `a`. */
  hears(...ids: string[]): void {
    for (const id of ids)
      this.tell({ type: 'message', message: { id, from: { deviceID: id.charAt(0) } } });
  }
}

/** @param draws what the random source gives, one after the other; then always the last */
function stage(harms: Harm[] = [], draws: number[] = [0.5]) {
  const clock = createFakeClock();
  const wire = new HandWire();
  const done: Harm[] = [];
  const heard: string[] = [];
  const events: TransportEvent[] = [];
  const left = [...draws];
  const transport = new ChaoticTransport(wire, {
    clock,
    random: () => (left.length > 1 ? left.shift()! : left[0]!),
    onHarm: (harm) => done.push(harm),
  });
  transport.harm(harms);
  const open = () =>
    transport.open(me, (event) => {
      events.push(event);
      heard.push(
        event.type === 'message'
          ? String((event.message as { id?: string } | null)?.id)
          : event.type,
      );
    });
  open();
  wire.tell({ type: 'online' });
  heard.length = 0;
  const count = (harm: Harm) => done.filter((each) => each === harm).length;
  return { clock, wire, transport, heard, events, done, count, open };
}

describe('a chaotic wire that is calm', () => {
  it('passes everything through at once, untouched', async () => {
    const { clock, wire, transport, heard, events, done } = stage();
    const message = { id: 'a1' };
    wire.tell({ type: 'message', message });
    assert.equal((events.at(-1) as { message: unknown }).message, message);
    wire.hears('a2', 'b1');
    wire.tell({ type: 'drained', inbox: 7 });
    wire.tell({ type: 'offline' });
    wire.tell({ type: 'online' });
    wire.tell({ type: 'refused', message: 'No.' });
    assert.deepEqual(heard, ['a1', 'a2', 'b1', 'drained', 'offline', 'online', 'refused']);
    transport.hello({ over: [], missed: [] });
    assert.deepEqual(wire.hellos, [{ over: [], missed: [] }]);
    assert.deepEqual(await transport.send(sent), { type: 'acknowledged', reached: [] });
    assert.deepEqual(wire.opened, [me]);
    assert.deepEqual([done, clock.timers], [[], 0]);
  });

  it('takes what is no message as it is', () => {
    const { wire, events } = stage();
    for (const message of [null, 7, 'text', {}, { from: null }])
      wire.tell({ type: 'message', message });
    assert.equal(events.length, 6);
  });
});

describe('a chaotic wire', () => {
  it('delays each message by a time of its own, and keeps their order', async () => {
    // 0.5 is 575 ms, 0 is 100 ms.
    const { clock, wire, heard, count } = stage(['delay'], [0.5, 0]);
    wire.hears('a1', 'b1');
    await clock.advance(574);
    assert.deepEqual(heard, []);
    await clock.advance(1);
    assert.deepEqual(heard, ['a1', 'b1']);
    assert.deepEqual([count('delay'), count('reorder')], [2, 0]);
  });

  it('lets messages of different senders overtake each other, and never those of one', async () => {
    // The first is held for 900 ms, the others are not.
    const { clock, wire, heard, count } = stage(['reorder'], [0, 0.5, 0.9]);
    wire.hears('a1', 'a2', 'b1', 'c1');
    assert.deepEqual(heard, ['b1', 'c1']);
    await clock.advance(900);
    assert.deepEqual(heard, ['b1', 'c1', 'a1', 'a2']);
    assert.equal(count('reorder'), 2);
  });

  it('repeats a message after it was heard', async () => {
    const { clock, wire, heard, count } = stage(['repeat'], [0, 0, 0.9]);
    wire.hears('a1', 'a2');
    assert.deepEqual(heard, ['a1', 'a2']);
    assert.equal(count('repeat'), 0);
    await clock.advance(200);
    assert.deepEqual(heard, ['a1', 'a2', 'a1']);
    assert.equal(count('repeat'), 1);
  });

  it('never repeats a message before it was heard', async () => {
    // a1 waits for 2 s; a2 for none, and is repeated after 200 ms.
    const { clock, wire, heard } = stage(['delay', 'repeat'], [0.999, 0.9, 0, 0, 0]);
    wire.hears('a1', 'a2');
    await clock.advance(5_000);
    assert.deepEqual(heard, ['a1', 'a2', 'a2']);
  });

  it('says that all is drained when it is', async () => {
    const { clock, wire, heard } = stage(['delay', 'reorder'], [0.5]);
    wire.hears('a1');
    wire.tell({ type: 'drained', inbox: 7 });
    wire.hears('b1');
    assert.deepEqual(heard, []);
    await clock.advance(2_000);
    assert.deepEqual(heard, ['a1', 'drained', 'b1']);
  });

  it('cuts the connection, and makes it again', async () => {
    const { clock, wire, transport, heard, count } = stage(['cut'], [0]);
    await clock.advance(7_999);
    assert.equal(wire.isOpen, true);
    await clock.advance(1);
    assert.equal(wire.isOpen, false);
    assert.deepEqual(heard, ['offline']);
    assert.deepEqual(await transport.send(sent), { type: 'lost' });
    await clock.advance(500);
    assert.deepEqual(wire.opened, [me, me]);
    wire.tell({ type: 'connecting' });
    wire.tell({ type: 'offline' });
    wire.tell({ type: 'online' });
    wire.tell({ type: 'drained', inbox: 7 });
    assert.deepEqual(heard, ['offline', 'online', 'drained']);
    assert.equal(count('cut'), 1);
    await clock.advance(8_000);
    assert.equal(count('cut'), 2);
  });

  it('loses with a connection what was on its way, and nothing else', async () => {
    const { clock, wire, heard } = stage(['cut', 'delay', 'repeat'], [0, 0.999, 0.5]);
    // Its repetition would come after the cut.
    await clock.advance(7_000);
    wire.hears('a1');
    await clock.advance(999);
    assert.deepEqual(heard, []);
    await clock.advance(1);
    wire.tell({ type: 'message', message: { id: 'late' } });
    assert.deepEqual(heard, ['offline']);
    const { clock: other, wire: broken, heard: rest } = stage(['delay'], [0.999]);
    broken.hears('a1');
    broken.tell({ type: 'offline' });
    broken.tell({ type: 'online' });
    await other.advance(5_000);
    assert.deepEqual(rest, ['offline', 'online']);
  });

  it('cuts no connection that does not stand', async () => {
    const { clock, wire, heard, count } = stage(['cut'], [0]);
    wire.tell({ type: 'offline' });
    await clock.advance(60_000);
    assert.deepEqual(heard, ['offline']);
    wire.tell({ type: 'refused', message: 'No.' });
    await clock.advance(60_000);
    assert.deepEqual([count('cut'), clock.timers], [0, 0]);
  });

  it('is calmed while it runs: what waits still comes, in its order, and no cut does', async () => {
    const { clock, wire, transport, heard, count } = stage(['delay', 'cut'], [0, 0.5]);
    wire.hears('a1');
    transport.harm([]);
    wire.hears('a2');
    assert.deepEqual(heard, []);
    await clock.advance(600);
    assert.deepEqual(heard, ['a1', 'a2']);
    wire.hears('a3');
    assert.deepEqual(heard, ['a1', 'a2', 'a3']);
    await clock.advance(60_000);
    assert.deepEqual([count('cut'), clock.timers], [0, 0]);
    transport.harm(['cut']);
    await clock.advance(60_000);
    assert.equal(count('cut'), 1);
  });

  it('comes back when it is calmed while it is cut', async () => {
    const { clock, wire, transport } = stage(['cut'], [0]);
    await clock.advance(8_000);
    assert.equal(wire.isOpen, false);
    transport.harm([]);
    await clock.advance(500);
    assert.equal(wire.isOpen, true);
  });

  it('stops everything when it is closed, and can be opened again', async () => {
    for (const passed of [0, 8_000]) {
      const { clock, wire, transport, heard, open } = stage([...HARMS], [0]);
      await clock.advance(passed);
      heard.length = 0;
      wire.hears('a1', 'b1');
      transport.close();
      assert.deepEqual([wire.isOpen, clock.timers], [false, 0]);
      await clock.advance(60_000);
      assert.deepEqual(heard, []);
      transport.harm(['repeat']);
      open();
      wire.tell({ type: 'connecting' });
      assert.deepEqual(heard, ['connecting']);
    }
  });

  it('may be closed by one who hears it', async () => {
    const { clock, wire, transport, heard, events } = stage(['delay'], [0]);
    wire.hears('a1', 'a2');
    const push = events.push.bind(events);
    events.push = (...more) => {
      transport.close();
      return push(...more);
    };
    await clock.advance(1_000);
    assert.deepEqual(heard, ['a1']);
  });
});

describe('the harms that an address names', () => {
  it('are those that there are, each once', () => {
    assert.deepEqual(readHarms('cut,delay,fire,cut'), ['delay', 'cut']);
    assert.deepEqual(readHarms(''), []);
    assert.deepEqual(readHarms(HARMS.join()), [...HARMS]);
    assert.deepEqual(['delay', 'fire', '', null].map(isHarm), [true, false, false, false]);
  });
});

// What is delayed and overtaken still keeps every promise of the port.
for (const harms of [[], ['delay', 'reorder']] as const) {
  const network = createMemoryNetwork();
  const wires = new Map<SignalTransport, SignalTransport>();
  let seed = 7;
  signalTransportContract(
    {
      name: `a wire with ${harms.join(' and ') || 'no chaos'}`,
      breaks: true,
      start: async () => ({
        transport: () => {
          const inner = network.transport();
          const outer = new ChaoticTransport(inner, {
            // A hundred times as fast.
            clock: {
              now: () => systemClock.now() * 100,
              after: (ms, run) => systemClock.after(ms / 100, run),
            },
            random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
            onHarm: () => {},
          });
          outer.harm(harms);
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
