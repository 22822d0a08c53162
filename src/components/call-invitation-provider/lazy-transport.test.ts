import { expect } from '@open-wc/testing';
import type { LazyPart } from '../../core/loading/lazy-part.js';
import type { SignalTransport, TransportEvent } from '../../core/ports/signal-transport.js';
import type { Message } from '../../core/protocol/messages.js';
import { lazyTransport } from './lazy-transport.js';

const identity = { userID: 'ann', userName: 'Ann', deviceID: 'd' };
const message = {} as Message;

/** A transport whose loading the test decides on. */
function loading(bad = false) {
  const calls: string[] = [];
  const inner: SignalTransport = {
    open: () => calls.push('open'),
    hello: () => calls.push('hello'),
    send: async () => ({ type: 'acknowledged', reached: [] }),
    close: () => calls.push('close'),
  };
  const heard: TransportEvent[] = [];
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
    heard,
    failures,
    transport,
    open: () => transport.open(identity, (event) => heard.push(event)),
    load: async () => (load(), settle()),
    fail: async () => (await settle(), fail(new Error('offline'))),
  };
}

describe('a transport that is loaded when it is opened', () => {
  it('connects while it loads, and tells nothing before open has returned', async () => {
    const { open, heard, load, calls, transport } = loading();
    open();
    expect(heard).to.deep.equal([]);
    expect(await transport.send(message)).to.deep.equal({ type: 'lost' });
    await load();
    expect(heard).to.deep.equal([{ type: 'connecting' }]);
    expect(calls).to.deep.equal(['open']);
    expect((await transport.send(message)).type).to.equal('acknowledged');
    transport.hello({ over: [], missed: [] });
    transport.close();
    expect(calls).to.deep.equal(['open', 'hello', 'close']);
  });

  it('opens nothing that was closed before it was loaded', async () => {
    const { open, heard, load, calls, transport } = loading();
    open();
    transport.close();
    await load();
    expect(calls).to.deep.equal([]);
    expect(heard).to.deep.equal([]);
  });

  it('is offline while its code does not load, and opens when that comes', async () => {
    const { open, heard, fail, failures, load, calls } = loading();
    open();
    await fail();
    expect(heard.map(({ type }) => type)).to.deep.equal(['connecting', 'offline']);
    expect(failures).to.have.length(1);
    await load();
    expect(calls).to.deep.equal(['open']);
  });

  it('is refused where it can not be made with what was loaded', async () => {
    const { open, heard, load, failures } = loading(true);
    open();
    await load();
    expect(heard.map(({ type }) => type)).to.deep.equal(['connecting', 'refused']);
    expect(failures.map(String)).to.deep.equal(['TypeError: bad address']);
  });
});
