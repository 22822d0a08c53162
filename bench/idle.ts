import type { Page } from '@playwright/test';
import type { Browsers } from './browsers.js';
import { openMesh, renders, type Entry } from './mesh.js';
import type { Contestant } from './rounds.js';

/** So many are in the call, and so long it is left alone, in ms. */
const SIZE = 4;
const QUIET_MS = 10_000;

/** What one page did in a minute in which nothing happened. */
export interface Idle {
  /** Its main thread was busy for so long, and with scripts for so long, in ms. */
  readonly task: number;
  readonly script: number;
  /** Elements that were rendered, in the time that was looked at. */
  readonly renders: number;
}

/** A call in which everybody sees everybody, and then nothing changes: the caller's page is measured. */
export function idleOf(entry: Entry, site: string, browsers: Browsers): Contestant<Idle> {
  return {
    name: entry.name,
    async round() {
      const mesh = await openMesh(entry, SIZE, site, browsers);
      try {
        const [page] = mesh.pages;
        if (!page) throw new Error('There is no page.');
        return await measure(page);
      } finally {
        await mesh.close();
      }
    },
  };
}

async function measure(page: Page): Promise<Idle> {
  await page.bringToFront();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name: string): number =>
      metrics.find((metric) => metric.name === name)?.value ?? NaN;
    const [at, task, script] = [value('Timestamp'), value('TaskDuration'), value('ScriptDuration')];
    return { at, task, script, renders: await page.evaluate(renders) };
  };
  // What follows the first pictures is no rest yet: the quality of the links is found, codecs settle.
  await page.waitForTimeout(QUIET_MS / 2);
  const before = await read();
  await page.waitForTimeout(QUIET_MS);
  const after = await read();
  const perMinute = (from: number, to: number): number =>
    ((to - from) / (after.at - before.at)) * 60_000;
  return {
    task: perMinute(before.task, after.task),
    script: perMinute(before.script, after.script),
    renders: after.renders - before.renders,
  };
}
