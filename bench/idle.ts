import type { Page } from '@playwright/test';
import type { Browsers } from './browsers.js';
import { openMesh, renders, type Entry } from './mesh.js';
import type { Contestant } from './rounds.js';

/** Members of the call, and how long it is measured, in ms. */
const SIZE = 4;
const QUIET_MS = 10_000;

/** Work of one page, scaled to a minute in which nothing happens. */
export interface Idle {
  /** Time that the main thread was busy, in all and with scripts, in ms. */
  readonly task: number;
  readonly script: number;
  /** Number of renders of elements in the measured time (not scaled). */
  readonly renders: number;
}

/** Measures the caller's page in a call in which all media is connected and nothing changes. */
export function idleOf(entry: Entry, site: string, browsers: Browsers): Contestant<Idle> {
  return {
    name: entry.name,
    async round() {
      const mesh = await openMesh(entry, SIZE, site, browsers);
      try {
        const [page] = mesh.pages;
        if (!page) throw new Error('No page is open.');
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
  // After the first frames, bandwidth estimation and codecs still adapt. Wait until they have settled.
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
