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
  return { pool: new ProcessorPool(create), pictures, created: () => created };
}

const canvas = {} as OffscreenCanvas & HTMLCanvasElement;

describe('processors of pictures', () => {
  it('are used again when they are idle, not while they still draw', async () => {
    const { pool: processors, pictures, created } = pool();
    const first = new AbortController();
    const draw = await processors.take(first.signal);
    const drawing = draw(canvas, canvas);
    first.abort();
    const second = new AbortController();
    void (await processors.take(second.signal))(canvas, canvas);
    assert.deepEqual(
      pictures.map(({ processor }) => processor),
      [1, 2],
    );
    pictures[0]?.done();
    await drawing;
    await setImmediate();
    await processors.take(new AbortController().signal);
    assert.equal(created(), 2, 'the first one is used again');
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
