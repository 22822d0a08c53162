import { expect } from '@open-wc/testing';
import type { LazyPart } from '../../core/loading/lazy-part.js';
import type { SignalTransport, TransportEvent } from '../../core/ports/signal-transport.js';
import type { Message } from '../../core/protocol/messages.js';
import { lazyTransport } from './lazy-transport.js';

const identity = { userID: 'ann', userName: 'Ann', deviceID: 'd' };
const message = {} as Message;

/** A transport whose loading is controlled by the test. */
function loading(bad = false) {
  const calls: string[] = [];
  const inner: SignalTransport = {
    open: () => calls.push('open'),
    hello: () => calls.push('hello'),
    send: async () => ({ type: 'acknowledged', reached: [] }),
    close: () => calls.push('close'),
  };
  const events: TransportEvent[] = [];
  const failures: unknown[] = [];
  let load: () => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const part: Pick<LazyPart<string>, 'loadWhile'> = {
    loadWhile: (isNeeded, onFailure) =>
      new Promise((resolve) => {
        load = () => resolve(isNeeded() ? 'code' : undefined);
        fail = onFailure;
      }),
  };
  const transport = lazyTransport(
    part,
    (code) => {
      if (bad) throw new TypeError('bad address');
      expect(code).to.equal('code');
      return inner;
    },
    (error) => failures.push(error),
  );
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return {
    calls,
    events,
    failures,
    transport,
    open: () => transport.open(identity, (event) => events.push(event)),
    load: async () => (load(), settle()),
    fail: async () => (await settle(), fail(new Error('offline'))),
  };
}

describe('lazyTransport', () => {
  it('emits connecting while it loads, and no event before open has returned', async () => {
    const { open, events: events, load, calls, transport } = loading();
    open();
    expect(events).to.deep.equal([]);
    expect(await transport.send(message)).to.deep.equal({ type: 'lost' });
    await load();
    expect(events).to.deep.equal([{ type: 'connecting' }]);
    expect(calls).to.deep.equal(['open']);
    expect((await transport.send(message)).type).to.equal('acknowledged');
    transport.hello({ over: [], missed: [] });
    transport.close();
    expect(calls).to.deep.equal(['open', 'hello', 'close']);
  });

  it('does not open a transport that was closed before it was loaded', async () => {
    const { open, events: events, load, calls, transport } = loading();
    open();
    transport.close();
    await load();
    expect(calls).to.deep.equal([]);
    expect(events).to.deep.equal([]);
  });

  it('emits offline while its code fails to load, and opens after a retry', async () => {
    const { open, events: events, fail, failures, load, calls } = loading();
    open();
    await fail();
    expect(events.map(({ type }) => type)).to.deep.equal(['connecting', 'offline']);
    expect(failures).to.have.length(1);
    await load();
    expect(calls).to.deep.equal(['open']);
  });

  it('emits refused if the transport cannot be created', async () => {
    const { open, events: events, load, failures } = loading(true);
    open();
    await load();
    expect(events.map(({ type }) => type)).to.deep.equal(['connecting', 'refused']);
    expect(failures.map(String)).to.deep.equal(['TypeError: bad address']);
  });
});
