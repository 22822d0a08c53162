import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  BUSY_DELAY_MS,
  LinkProgress,
  MAX_BUSY_READINGS,
  OTHERS_COUNT_MS,
  PROGRESS_INTERVAL_MS,
} from './link-progress.js';

describe('LinkProgress', () => {
  let timers: { readonly ms: number; readonly run: () => void }[];
  let pairs: Record<string, number>[] | undefined;
  let progress: number;
  let ownProgress: number;
  let now: number;
  let link: LinkProgress;
  const pass = async (delayMs = 0): Promise<number> => {
    const [timer, ...others] = timers.splice(0);
    assert.ok(timer && others.length === 0);
    now += timer.ms + delayMs;
    timer.run();
    await new Promise(setImmediate);
    return timer.ms;
  };

  beforeEach(() => {
    timers = [];
    pairs = [];
    progress = 0;
    ownProgress = 0;
    now = 1_000;
    link = new LinkProgress({
      clock: {
        now: () => now,
        after(ms, run) {
          const timer = { ms, run };
          timers.push(timer);
          return () => void (timers = timers.filter((other) => other !== timer));
        },
      },
      stats: async () =>
        pairs &&
        new Map(pairs.map((pair, id) => [String(id), { type: 'candidate-pair', ...pair }])),
      onProgress(isOwn) {
        progress += 1;
        if (isOwn) ownProgress += 1;
      },
    });
  });

  it('reports connectivity checks, answers and packets that arrive on any path', async () => {
    for (const [index, next] of [
      [{ requestsReceived: 1 }],
      [{ requestsReceived: 1 }, { responsesReceived: 1 }],
      [{ requestsReceived: 1 }, { responsesReceived: 1, bytesReceived: 90 }],
    ].entries()) {
      pairs = next;
      assert.equal(await pass(), PROGRESS_INTERVAL_MS);
      assert.equal(progress, index + 1);
    }
  });

  it('counts a few readings that come late as progress: this device is short of CPU time', async () => {
    await pass(BUSY_DELAY_MS);
    assert.equal(progress, 0);
    await pass(BUSY_DELAY_MS + 1);
    assert.equal(progress, 1);
    await pass();
    assert.equal(progress, 1);
    for (let reading = 0; reading < 2 * MAX_BUSY_READINGS; reading++) await pass(2 * BUSY_DELAY_MS);
    assert.equal(progress, MAX_BUSY_READINGS);
  });

  it('counts what other links reach in its first thirty seconds, at most once in a reading', async () => {
    link.noteOther();
    link.noteOther();
    assert.equal(progress, 0);
    await pass();
    await pass();
    assert.deepEqual([progress, ownProgress], [1, 0]);
    while (now < 1_000 + OTHERS_COUNT_MS) {
      link.noteOther();
      await pass();
    }
    assert.deepEqual([progress, ownProgress], [8, 0]);
    link.noteOther();
    await pass();
    assert.equal(progress, 8);
  });

  it('reports that ICE has come a step further, until the end', () => {
    const connection = Object.assign(new EventTarget(), { iceConnectionState: 'new' as const });
    link.watch(connection);
    const enter = (state: string): void => {
      Object.assign(connection, { iceConnectionState: state });
      connection.dispatchEvent(new Event('iceconnectionstatechange'));
    };
    for (const state of ['new', 'checking', 'connected', 'completed', 'disconnected']) enter(state);
    assert.equal(progress, 3);
    link.stop();
    enter('connected');
    assert.equal(progress, 3);
  });

  it('reports nothing while only this side sends, or nothing new arrives', async () => {
    pairs = [{ requestsSent: 5, bytesSent: 500 }];
    await pass();
    pairs = [{ requestsSent: 9, bytesSent: 900 }];
    await pass();
    assert.equal(progress, 0);
    pairs = [{ responsesReceived: 2 }];
    await pass();
    await pass();
    assert.equal(progress, 1);
  });

  it('ends when the link is up, or its connection is closed', async () => {
    pairs = undefined;
    await pass();
    assert.deepEqual(timers, []);
  });

  it('reports nothing of a reading that was under way at the end', async () => {
    pairs = [{ responsesReceived: 2 }];
    const reading = pass();
    link.stop();
    await reading;
    assert.deepEqual([progress, timers], [0, []]);
  });
});
