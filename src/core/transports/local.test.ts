import { assert } from '@open-wc/testing';
import { signalTransportContract } from '../../../test/contract/signal-transport.js';
import type { SignalTransport, TransportIdentity } from '../ports/signal-transport.js';
import { PROTOCOL_VERSION, SERVER_DEVICE } from '../protocol/limits.js';
import { parseDelivered, type Message } from '../protocol/messages.js';
import { createLocalTransport } from './local.js';

signalTransportContract(
  {
    name: 'the local transport',
    breaks: false,
    async start() {
      const others = new BroadcastChannel('ringkit:contract');
      return {
        transport: () => createLocalTransport('contract'),
        scribble: (_transport, junk) => {
          try {
            others.postMessage(junk);
          } catch {
            // BroadcastChannel can't clone it.
          }
        },
        close: async () => others.close(),
      };
    },
  },
  { describe, it, before, after },
);

describe('createLocalTransport', () => {
  const alice: TransportIdentity = { userID: 'alice', userName: 'Alice', deviceID: 'a-1' };
  const bob: TransportIdentity = { userID: 'bob', userName: 'Bob', deviceID: 'b-1' };
  let open: SignalTransport[] = [];
  let serial = 0;
  let name = '';

  beforeEach(() => {
    serial += 1;
    name = `test ${String(serial)}`;
  });
  afterEach(() => {
    for (const transport of open) transport.close();
    open = [];
  });

  const message = (type: 'ringing' | 'leave', to: string): Message => ({
    v: PROTOCOL_VERSION,
    id: crypto.randomUUID(),
    callID: 'call',
    to: [to],
    records: [],
    names: [],
    remaining: [],
    ...(type === 'ringing' ? { type, round: 1 } : { type, reason: 'hung-up' }),
  });

  /** Opens a transport and hands each message to `onMessage`. Resolves when it is online. */
  const online = (
    identity: TransportIdentity,
    onMessage: (message: unknown) => void = () => {},
    vanishAfterMs?: number,
  ): Promise<SignalTransport> =>
    new Promise((resolve) => {
      const transport = createLocalTransport(name, vanishAfterMs);
      open.push(transport);
      transport.open(identity, (event) => {
        if (event.type === 'online') resolve(transport);
        if (event.type === 'message') onMessage(event.message);
      });
    });

  /** Opens a page in a frame, which is online as `bob` and has sent a message to Alice. */
  async function bobsPage(): Promise<HTMLIFrameElement> {
    const frame = document.createElement('iframe');
    const module = new URL('./local.ts', import.meta.url).href;
    const ready = new Promise<void>((resolve) => {
      addEventListener('message', ({ source }) => source === frame.contentWindow && resolve());
    });
    frame.srcdoc = `<script type="module">
      import { createLocalTransport } from ${JSON.stringify(module)};
      const transport = createLocalTransport(${JSON.stringify(name)});
      transport.open(${JSON.stringify(bob)}, async ({ type }) => {
        if (type !== 'online') return;
        await transport.send(${JSON.stringify(message('ringing', 'alice'))});
        parent.postMessage('ready');
      });
    </script>`;
    document.body.append(frame);
    await ready;
    return frame;
  }

  const nextLost = () => {
    let found: (message: ReturnType<typeof parseDelivered>) => void;
    const lost = new Promise<ReturnType<typeof parseDelivered>>((resolve) => (found = resolve));
    const onMessage = (input: unknown) => {
      const parsed = parseDelivered(input);
      if (parsed?.type === 'leave' && parsed.lost !== undefined) found(parsed);
    };
    return { lost, onMessage };
  };

  it('acknowledges a message as soon as all known tabs have answered', async () => {
    const [sender] = [
      await online(alice),
      await online(bob),
      await online({ ...bob, deviceID: 'b-2' }),
    ];
    const order: string[] = [];
    const nobody = sender.send(message('ringing', 'nobody')).then(() => order.push('nobody'));
    const both = sender.send(message('ringing', 'bob')).then((outcome) => {
      order.push('bob');
      return outcome;
    });
    const outcome = await both;
    await nobody;
    assert.deepEqual(order, ['bob', 'nobody']);
    assert.deepEqual(outcome, {
      type: 'acknowledged',
      reached: [{ user: 'bob', devices: 2 }],
    });
  });

  it('finds the tabs that were opened before it', async () => {
    await online(bob);
    const sender = await online(alice);
    const order: string[] = [];
    await Promise.all([
      sender.send(message('ringing', 'nobody')).then(() => order.push('nobody')),
      sender.send(message('ringing', 'bob')).then(() => order.push('bob')),
    ]);
    assert.deepEqual(order, ['bob', 'nobody']);
  });

  it('reports a closed page as lost after the time it may take to come back', async () => {
    const { lost, onMessage } = nextLost();
    await online(alice, onMessage, 300);
    const frame = await bobsPage();
    const removedAt = Date.now();
    frame.remove();
    const message = await lost;
    assert.isAtLeast(Date.now() - removedAt, 300);
    assert.deepInclude(message as object, {
      type: 'leave',
      callID: 'call',
      lost: 'b-1',
      to: ['alice'],
    });
    assert.deepEqual(message?.from, { userID: 'bob', userName: 'Bob', deviceID: SERVER_DEVICE });
  });

  it('reports a closed page as lost without delay when another page replaces it', async () => {
    const { lost, onMessage } = nextLost();
    await online(alice, onMessage, 3_600_000);
    const frame = await bobsPage();
    frame.remove();
    await online({ ...bob, deviceID: 'b-2', replaces: 'b-1' });
    assert.deepInclude((await lost) as object, { lost: 'b-1' });
  });

  it('does not report an open page as lost, even if another page claims to replace it', async () => {
    const received: unknown[] = [];
    await online(alice, (input) => received.push(input), 0);
    const first = await online(bob);
    await first.send(message('ringing', 'alice'));
    const second = await online({ ...bob, deviceID: 'b-2', replaces: 'b-1' });
    await second.send(message('ringing', 'alice'));
    assert.lengthOf(received, 2);
    assert.deepEqual(
      received.map((each) => parseDelivered(each)?.type),
      ['ringing', 'ringing'],
    );
  });

  it('does not report a device as lost that has come back', async () => {
    const received: unknown[] = [];
    await online(alice, (input) => received.push(input), 200);
    const first = await online(bob);
    await first.send(message('ringing', 'alice'));
    first.close();
    const again = await online(bob);
    const other = { ...bob, userID: 'carol', deviceID: 'c-1' };
    const carol = await online(other);
    // No user has that name, so the message settles after the full time; by then the time to come back is over as well.
    await carol.send(message('ringing', 'nobody'));
    await again.send(message('ringing', 'alice'));
    assert.deepEqual(
      received.map((each) => parseDelivered(each)?.type),
      ['ringing', 'ringing'],
    );
  });

  it('does not report a page as lost that left the call before it was closed', async () => {
    const { lost, onMessage } = nextLost();
    const received: unknown[] = [];
    const both = (input: unknown) => {
      received.push(input);
      onMessage(input);
    };
    await online(alice, both, 0);
    const [first, carol] = [
      await online(bob),
      await online({ userID: 'carol', userName: 'Carol', deviceID: 'c-1' }),
    ];
    await first.send(message('ringing', 'alice'));
    await first.send(message('leave', 'alice'));
    await carol.send(message('ringing', 'alice'));
    first.close();
    carol.close();
    assert.deepInclude((await lost) as object, { lost: 'c-1' });
    assert.lengthOf(received, 4);
  });

  it('releases its lock and its channel', async () => {
    const transport = await online(alice);
    const held = async () =>
      ((await navigator.locks.query()).held ?? []).filter((lock) =>
        lock.name?.startsWith(`ringkit:${name} `),
      ).length;
    assert.equal(await held(), 1);
    transport.close();
    // The request is granted when the lock is released.
    await navigator.locks.request(`ringkit:${name} alice a-1`, () => {});
    assert.equal(await held(), 0);
    const sender = await online(bob);
    const outcome = await sender.send(message('ringing', 'alice'));
    assert.deepEqual(outcome, {
      type: 'acknowledged',
      reached: [{ user: 'alice', devices: 0 }],
    });
  });
});
