import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { SendControl, type ControlledLink } from './send-control.js';

describe('SendControl', () => {
  let timers: (() => void)[];
  let read: number;
  let control: SendControl;
  let answers: (() => void)[];
  const link: ControlledLink = {
    state: 'up',
    shows: {},
    stats: () => new Promise((resolve) => answers.push(() => resolve(new Map()))),
    limit: () => {},
  };
  /** Ends the readings that are under way. */
  const answer = async (): Promise<void> => {
    for (const each of answers.splice(0)) each();
    await new Promise(setImmediate);
  };
  const secondPasses = (): void => {
    for (const run of timers.splice(0)) run();
  };

  beforeEach(() => {
    [timers, answers, read] = [[], [], 0];
    control = new SendControl({
      clock: {
        now: () => 0,
        after(_, run) {
          timers.push(run);
          return () => void (timers = timers.filter((other) => other !== run));
        },
      },
      settings: undefined,
      outgoing: () => ({
        tracks: { microphone: null, camera: null, screen: null },
        flags: { microphone: false, camera: false, screen: false },
        streams: { main: undefined, screen: undefined },
      }),
      onRead: () => (read += 1),
    });
  });

  it('reads the statistics again and again while there is a link', async () => {
    control.add('bob', link);
    for (const times of [1, 2, 3]) {
      secondPasses();
      await answer();
      assert.equal(read, times);
    }
    control.remove('bob');
    assert.equal(timers.length, 0);
  });

  it('does not go on when the last link is removed during a reading', async () => {
    control.add('bob', link);
    secondPasses();
    control.remove('bob');
    await answer();
    assert.deepEqual([timers.length, read], [0, 0]);
  });

  it('reads once a second after a link replaced the last one during a reading', async () => {
    control.add('bob', link);
    secondPasses();
    control.remove('bob');
    control.add('carol', link);
    await answer();
    assert.equal(timers.length, 1);
    secondPasses();
    await answer();
    assert.deepEqual([timers.length, read], [1, 1]);
    control.remove('carol');
    assert.equal(timers.length, 0);
  });
});
