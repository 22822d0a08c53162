import type { Page } from '@playwright/test';
import { inTime, type Browsers, type Pair } from './browsers.js';
import { mergeMarks } from './marks.js';
import type { BenchPage, FirstFrame, Mark } from './pages/page.js';
import type { Contestant } from './rounds.js';

/** Times from the press of the accept button, in ms. */
export interface FirstFrames {
  readonly callee: FirstFrame;
  readonly caller: FirstFrame;
}

export interface Entry {
  readonly name: string;
  /** Name of the page of the site. */
  readonly page: string;
  readonly way?: string;
  readonly signaling: string;
  /** The kit of the other build. */
  readonly isOther?: boolean;
}

/** Maximum difference between the clocks of the two pages, in ms. */
const CLOCK_LIMIT_MS = 2;

type BenchWindow = typeof globalThis & { bench: BenchPage };

/** Calls of all contestants so far. */
let calls = 0;

/**
 * Measures a video call between new pages. It is accepted when both sides have received it and are idle.
 * @param trace gets the marks of both pages, in order
 */
export function firstFrameOf(
  entry: Entry,
  site: string,
  browsers: Browsers,
  trace: ((name: string, marks: readonly Mark[]) => void) | undefined,
): Contestant<FirstFrames> {
  return {
    name: entry.name,
    async round() {
      calls += 1;
      const address = (user: string): string => {
        const query = new URLSearchParams({ user, signaling: entry.signaling });
        if (entry.way !== undefined) query.set('way', entry.way);
        if (entry.isOther) query.set('kit', 'other');
        return `${site}${entry.page}.html?${query.toString()}`;
      };
      // Different users in each round: whose page was just closed counts as busy on all devices for some seconds.
      const [caller, callee] = [`caller-${calls}`, `callee-${calls}`];
      const pair = await browsers.open({ caller: address(caller), callee: address(callee) });
      try {
        const { frames, pressed } = await measure(pair, callee);
        trace?.(entry.name, await marksOf(pair, pressed));
        return frames;
      } catch (error) {
        const details = pair.faults.length > 0 ? ` (${pair.faults.join('; ')})` : '';
        throw new Error(`${error instanceof Error ? error.message : String(error)}${details}`, {
          cause: error,
        });
      } finally {
        await pair.close();
      }
    },
  };
}

async function measure({ caller, callee }: Pair, name: string) {
  const both = [caller, callee];
  await inTime('ready', Promise.all(both.map((page) => ask(page, 'ready'))));
  const called = caller.evaluate((user) => (globalThis as BenchWindow).bench.call(user), name);
  await inTime('ringing', Promise.all([called, ask(callee, 'rung'), ask(caller, 'ringing')]));
  await inTime('rest', Promise.all(both.map((page) => ask(page, 'atRest'))));
  for (const page of both) {
    const error = await ask(page, 'clockError');
    if (Math.abs(error) > CLOCK_LIMIT_MS) throw new Error(`a clock is ${error.toFixed(1)} ms off`);
  }
  const pressed = await ask(callee, 'accept');
  const [calleeFrame, callerFrame] = await inTime(
    'first frame',
    Promise.all([ask(callee, 'firstFrame'), ask(caller, 'firstFrame')]),
  );
  const since = ({ decoded, shown }: FirstFrame): FirstFrame => ({
    decoded: decoded - pressed,
    shown: shown - pressed,
  });
  return { pressed, frames: { callee: since(calleeFrame), caller: since(callerFrame) } };
}

type Answer<Q extends Question> = Awaited<ReturnType<BenchPage[Q]>>;
type Question = 'ready' | 'rung' | 'ringing' | 'atRest' | 'clockError' | 'accept' | 'firstFrame';

function ask<Q extends Question>(page: Page, question: Q): Promise<Answer<Q>> {
  return page.evaluate(
    (name) => (globalThis as BenchWindow).bench[name]() as Answer<Q> | Promise<Answer<Q>>,
    question,
  );
}

async function marksOf({ caller, callee }: Pair, pressed: number): Promise<readonly Mark[]> {
  const read = (page: Page) => page.evaluate(() => (globalThis as BenchWindow).bench.marks());
  return mergeMarks({ caller: await read(caller), callee: await read(callee) }, pressed);
}
