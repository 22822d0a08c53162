/* eslint-disable no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted */
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import { installEffects, serveEffects, sharpnessOf } from './effects-page.js';
import { findFirefox, openFirefox } from './firefox.js';

/* Background effects with their real library in Firefox, which has no streams of pictures: they pass through a canvas. */

const firefoxPath = findFirefox();

const test = base.extend<{ stage: Page }>({
  stage: async ({}, use) => {
    const server = serveEffects();
    const { port } = server.address() as AddressInfo;
    const firefox = await openFirefox(firefoxPath ?? '');
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
