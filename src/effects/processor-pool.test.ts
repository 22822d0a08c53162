import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'node:test';
import type { PictureProcessor } from './picture-library.js';
import { ProcessorPool } from './processor-pool.js';

/** A pool whose processors finish a picture when they are told to. */
function pool() {
  const pictures: { processor: number; done: () => void; fail: () => void }[] = [];
  let created = 0;
  const create = (): Promise<PictureProcessor> => {
    const processor = (created += 1);
    return Promise.resolve({
      loadModel: () => Promise.resolve(),
      processFrame: () =>
        new Promise((done, fail) => {
          pictures.push({ processor, done, fail: () => fail(new Error('no picture')) });
        }),
    });
  };
  let pass = (): void => {};
  const wait = (): Promise<void> => new Promise((resolve) => (pass = resolve));
  return {
    ...{ pool: new ProcessorPool(create, wait), pictures, created: () => created },
    pass: () => pass(),
  };
}

const canvas = {} as OffscreenCanvas & HTMLCanvasElement;

describe('processors of pictures', () => {
  it('are used again as soon as they have drawn their last picture', async () => {
    const { pool: processors, pictures, created } = pool();
    const first = new AbortController();
    const drawing = (await processors.take(first.signal))(canvas, canvas);
    first.abort();
    let isTaken = false;
    const taking = processors.take(new AbortController().signal).then(() => (isTaken = true));
    await setImmediate();
    assert.equal(isTaken, false, 'it still draws');
    pictures[0]?.done();
    await Promise.all([drawing, taking]);
    assert.equal(created(), 1);
  });

  it('are not used while they draw; if that takes long, another one is created', async () => {
    const { pool: processors, pictures, pass } = pool();
    const first = new AbortController();
    void (await processors.take(first.signal))(canvas, canvas);
    first.abort();
    const taking = processors.take(new AbortController().signal);
    await setImmediate();
    pass();
    void (await taking)(canvas, canvas);
    assert.deepEqual(
      pictures.map(({ processor }) => processor),
      [1, 2],
    );
  });

  it('are dropped when they have failed', async () => {
    const { pool: processors, pictures, created } = pool();
    const first = new AbortController();
    const drawing = (await processors.take(first.signal))(canvas, canvas);
    first.abort();
    pictures[0]?.fail();
    await assert.rejects(drawing);
    await setImmediate();
    await processors.take(new AbortController().signal);
    assert.equal(created(), 2);
  });

  it('are kept if they are not needed any more when they are ready', async () => {
    const { pool: processors, created } = pool();
    const first = new AbortController();
    const taking = processors.take(first.signal);
    first.abort();
    await assert.rejects(taking, { name: 'AbortError' });
    await setImmediate();
    await processors.take(new AbortController().signal);
    assert.equal(created(), 1);
  });
});
