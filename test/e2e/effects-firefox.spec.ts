/* eslint-disable no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted */
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import { installEffects, serveEffects, sharpnessOf, suppressedNoise } from './effects-page.js';
import { SoundServer, withoutSoundServer } from '../support/sound-server.js';
import { findFirefox, openFirefox } from './firefox.js';

/* Effects with their real libraries in Firefox. It has no streams of pictures: these pass through a canvas. */

const firefoxPath = findFirefox();

const test = base.extend<{ environment: Readonly<Record<string, string>>; stage: Page }>({
  environment: [{}, { option: true }],
  stage: async ({ environment }, use) => {
    const server = serveEffects();
    const { port } = server.address() as AddressInfo;
    const firefox = await openFirefox(firefoxPath ?? '', environment);
    const page = await firefox.newPage();
    await page.evaluateOnNewDocument('globalThis.__name = (value) => value;');
    await page.evaluateOnNewDocument(installEffects);
    await page.goto(`http://127.0.0.1:${String(port)}/`);
    await page.bringToFront();
    await use(page);
    expect(await page.evaluate(() => window.violations)).toEqual([]);
    expect(await page.evaluate(() => window.failures)).toEqual([]);
    await firefox.close();
    server.close();
  },
});

test.skip(firefoxPath === undefined, 'Firefox is not installed');

test('the background is blurred in Firefox', { tag: '@long' }, async ({ stage }) => {
  await stage.evaluate(async () => {
    const { blurBackground } = await window.load('background');
    await window.start(blurBackground({ assets: '/background' }));
  });
  const raw = await stage.evaluate(sharpnessOf, 'raw' as const);
  await expect
    .poll(() => stage.evaluate(sharpnessOf, 'processed' as const), { timeout: 60_000 })
    .toBeLessThan(raw / 2);
  await stage.evaluate(() => window.stop());
  expect(await stage.evaluate(() => window.processed.readyState)).toBe('ended');
});

test.describe('with a sound device', () => {
  test.skip(withoutSoundServer !== false, String(withoutSoundServer));
  test.use({
    environment: async ({}, use) => {
      const server = new SoundServer();
      await use(await server.environment());
      await server.end();
    },
  });

  test('noise is suppressed in Firefox', { tag: '@long' }, async ({ stage }) => {
    const { input, raw, quiet } = await stage.evaluate(suppressedNoise);
    expect(input).toBe('live');
    expect(raw).toBeGreaterThan(0.03);
    expect(quiet).toBeLessThan(raw / 4);
  });
});
