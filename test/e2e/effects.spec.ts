import type { AddressInfo } from 'node:net';
import { expect, test as base, type Page } from '@playwright/test';
import { installEffects, serveEffects, sharpnessOf, suppressedNoise } from './effects-page.js';

/* The effects with their real libraries, in a page with the policy that docs/effects.md recommends. */

const test = base.extend<{ stage: Page }>({
  stage: async ({ page }, use) => {
    const server = serveEffects();
    const { port } = server.address() as AddressInfo;
    await page.addInitScript('globalThis.__name = (value) => value;');
    await page.addInitScript(installEffects);
    await page.goto(`http://127.0.0.1:${port}/`);
    await use(page);
    expect(await page.evaluate(() => window.violations)).toEqual([]);
    expect(await page.evaluate(() => window.failures)).toEqual([]);
    server.close();
  },
});

test('the background is blurred, and everything is released', async ({ stage }) => {
  const state = await stage.evaluate(async () => {
    const { blurBackground } = await window.load('background');
    const track = await window.start(blurBackground({ assets: '/background' }));
    return `${track.kind} ${track.readyState}`;
  });
  expect(state).toBe('video live');
  // The test camera has no person: all of its picture is background.
  const raw = await stage.evaluate(sharpnessOf, 'raw' as const);
  await expect.poll(() => stage.evaluate(sharpnessOf, 'processed' as const)).toBeLessThan(raw / 2);
  await stage.evaluate(() => window.stop());
  expect(await stage.evaluate(() => window.processed.readyState)).toBe('ended');
  expect(await stage.evaluate(() => window.raw.readyState)).toBe('live');
});

test('a library is loaded once, and its worker is used again @extended', async ({ stage }) => {
  await stage.evaluate(async () => {
    const { blurBackground } = await window.load('background');
    const effect = blurBackground({ assets: '/background' });
    for (let times = 0; times < 3; times++) {
      await window.start(effect);
      window.stop();
      window.raw.stop();
    }
  });
  expect(stage.workers()).toHaveLength(1);
});

test('pictures become smaller while their processing is too slow @extended', async ({ stage }) => {
  await stage.evaluate(async () => {
    const { processPictures } = await window.load('process-pictures');
    await window.start({
      ...{ name: 'slow', kind: 'video' },
      process: (track, context) =>
        processPictures(
          track,
          async (input, output) => {
            await new Promise((resolve) => setTimeout(resolve, 60));
            output.getContext('2d')?.drawImage(input, 0, 0);
            document.title = `${output.height} lines`;
          },
          context,
        ),
    });
  });
  await expect(stage).toHaveTitle('480 lines');
  await expect(stage).toHaveTitle(/^(360|240|180) lines$/);
});

test('the background is replaced by a picture @extended', async ({ stage }) => {
  await stage.evaluate(async () => {
    const { replaceBackground } = await window.load('background');
    await window.start(replaceBackground({ assets: '/background/', image: '/blue.svg' }));
  });
  const blueShare = (): Promise<number> =>
    stage.evaluate(async () => {
      const { data } = await window.picture(window.processed);
      let blue = 0;
      for (let at = 0; at < data.length; at += 4)
        if ((data[at] ?? 0) < 60 && (data[at + 1] ?? 0) < 60 && (data[at + 2] ?? 0) > 180) blue++;
      return blue / (data.length / 4);
    });
  await expect.poll(blueShare).toBeGreaterThan(0.8);
});

test('noise is suppressed', async ({ stage }) => {
  const state = await stage.evaluate(suppressedNoise);
  expect(state.input).toBe('live');
  expect(state.raw).toBeGreaterThan(0.03);
  expect(state.quiet).toBeLessThan(state.raw / 4);
});

test('a library that is not there is named, with advice', async ({ stage }) => {
  const message = await stage.evaluate(async () => {
    const { suppressNoise } = await window.load('noise');
    return window.start(suppressNoise({ assets: '/nowhere' })).catch(String);
  });
  expect(message).toMatch(
    /^Error: http:\/\/127\.0\.0\.1:\d+\/nowhere\/index\.js could not be loaded\. Serve the files of dist of the npm package @sapphi-red/,
  );
});
