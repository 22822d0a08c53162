import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type Axe from 'axe-core';
import { expect, test, type Open } from './fixtures.js';
import type { Person } from './person.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/* The places of a running call: the card with a picture, the window, the small window, and full screen. */

async function inACall(open: Open): Promise<[Person, Person]> {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await bob.page.locator('ongoing-call-view .top').waitFor();
  return [alice, bob];
}
/** The view has stopped moving. */
const settle = (page: Page): Promise<void> =>
  page.locator('ongoing-call-view').evaluate(async (view) => {
    const animations = view.shadowRoot?.getAnimations() ?? [];
    await Promise.allSettled(animations.map(({ finished }) => finished));
  });
const button = (page: Page, name: string) =>
  page.locator('ongoing-call-view').getByRole('button', { name, exact: true });

test('the minimised call is dragged, stays inside the window, and keeps its place', async ({
  open,
}) => {
  const [, bob] = await inACall(open);
  const { page } = bob;
  const view = page.locator('ongoing-call-view');
  await button(page, 'Minimise').click();
  await settle(page);
  // The card has the shape of the picture.
  await expect
    .poll(() => view.locator('video').evaluate((video) => (video as HTMLVideoElement).videoWidth))
    .toBeGreaterThan(0);
  const before = await view.boundingBox();
  const name = await view.locator('.name').boundingBox();
  if (!before || !name) throw new Error('The bar is not visible.');
  await page.mouse.move(name.x + 5, name.y + 5);
  await page.mouse.down();
  await page.mouse.move(name.x - 300, name.y - 200, { steps: 5 });
  await page.mouse.up();
  const moved = await view.boundingBox();
  expect(moved?.x).toBeCloseTo(before.x - 305, 0);
  expect(moved?.y).toBeCloseTo(before.y - 205, 0);
  await expect(button(page, 'Hang up')).toBeVisible();
  await page.setViewportSize({ width: 500, height: 400 });
  const small = await view.boundingBox();
  expect(small?.x).toBeGreaterThanOrEqual(0);
  expect((small?.x ?? 0) + (small?.width ?? 0)).toBeLessThanOrEqual(500);
  await page.setViewportSize({ width: 1280, height: 720 });
  await view.locator('.restore').click();
  await button(page, 'Minimise').click();
  await settle(page);
  expect(await view.boundingBox()).toEqual(moved);
  // Without a drag: the button moves it from corner to corner.
  await button(page, 'Move').click();
  expect(await view.boundingBox()).not.toEqual(moved);
  await bob.ask('hangUp');
});

test('the minimised video call shows the picture, which goes on, as does the sound', async ({
  open,
}) => {
  const [, bob] = await inACall(open);
  const { page } = bob;
  await button(page, 'Minimise').click();
  const video = page.locator('ongoing-call-view .card [data-user=alice] video');
  const time = (): Promise<number> =>
    video.evaluate((element) => (element as HTMLVideoElement).currentTime);
  await expect.poll(time).toBeGreaterThan(0);
  const before = await time();
  await expect.poll(time).toBeGreaterThan(before);
  await bob.receives('sound', 1);
  await expect(button(page, 'Hang up')).toBeVisible();
  await button(page, 'Back to the call').click();
  await expect(page.locator('ongoing-call-view')).not.toHaveAttribute('minimised');
  await bob.ask('hangUp');
});

test('the window is moved and resized, and the next call is there from the first ring @extended', async ({
  open,
}) => {
  const [alice, bob] = await inACall(open);
  const { page } = bob;
  const view = page.locator('ongoing-call-view');
  const who = await view.locator('.top .who').boundingBox();
  const start = await view.boundingBox();
  if (!who || !start) throw new Error('The window is not visible.');
  await page.mouse.move(who.x + who.width / 2, who.y + who.height / 2);
  await page.mouse.down();
  await page.mouse.move(who.x + who.width / 2 - 200, who.y + who.height / 2 - 100, { steps: 5 });
  await page.mouse.up();
  const moved = await view.boundingBox();
  expect(moved?.x).toBeCloseTo(start.x - 200, 0);
  expect(moved?.y).toBeCloseTo(start.y - 100, 0);
  await button(page, 'Resize').press('ArrowRight');
  const resized = await view.boundingBox();
  expect(resized?.width).toBeCloseTo(start.width + 24, 1);
  await button(page, 'Full screen').click();
  await expect.poll(() => view.boundingBox()).toEqual({ x: 0, y: 0, ...page.viewportSize() });
  await button(page, 'Exit full screen').click();
  await expect.poll(() => view.boundingBox()).toEqual(resized);
  await bob.ask('hangUp');
  await bob.is('ended: hung-up');
  await bob.send(['alice'], { callType: 'video' });
  await alice.is('incoming');
  await expect.poll(() => page.locator('outgoing-call-dialog').boundingBox()).toEqual(resized);
  await alice.press('accept-button');
  await bob.is('active');
  await expect.poll(() => view.boundingBox()).toEqual(resized);
  await bob.ask('hangUp');
});

test('the small window shows the picture, and has controls', async ({ open }) => {
  const [alice, bob] = await inACall(open);
  const { page } = bob;
  const opened = bob.context.waitForEvent('page');
  await button(page, 'More').click();
  await button(page, 'Show in a small window').click();
  const small = await opened;
  const video = small.locator('video');
  await expect(video).toHaveCount(1);
  await expect
    .poll(() => video.evaluate((element) => (element as HTMLVideoElement).currentTime))
    .toBeGreaterThan(0);
  expect(await small.title()).toBe('Call with ALICE');
  // Meanwhile the page has the bar.
  await expect(page.locator('ongoing-call-view')).toHaveAttribute('minimised');
  await small.getByRole('button', { name: 'Mute microphone' }).click();
  await expect(small.getByRole('button', { name: 'Unmute microphone' })).toBeVisible();
  await expect
    .poll(() =>
      alice.page.evaluate(
        () =>
          document
            .querySelector('call-invitation-provider')!
            .service.$call.get()
            .members.find(({ userID }) => userID === 'bob')?.microphone,
      ),
    )
    .toBe(false);
  const closed = small.waitForEvent('close');
  await small.getByRole('button', { name: 'Back to the call' }).click();
  await closed;
  await expect(page.locator('ongoing-call-view')).not.toHaveAttribute('minimised');
  await bob.seesPicture();
  await bob.ask('hangUp');
});

test('the small window closes when the call ends @extended', async ({ open }) => {
  const [alice, bob] = await inACall(open);
  const opened = bob.context.waitForEvent('page');
  await button(bob.page, 'More').click();
  await button(bob.page, 'Show in a small window').click();
  const small = await opened;
  const closed = small.waitForEvent('close');
  await small.getByRole('button', { name: 'Hang up' }).click();
  await closed;
  await bob.is('ended: hung-up');
  await alice.is('ended: hung-up');
});

test('full screen fills the screen, and ends with the button or the call @extended', async ({
  open,
}) => {
  const [, bob] = await inACall(open);
  const { page } = bob;
  const isFull = (): Promise<boolean> =>
    page.locator('ongoing-call-view').evaluate((view) => view.matches(':fullscreen'));
  await button(page, 'Full screen').click();
  await expect.poll(isFull).toBe(true);
  const box = await page.locator('ongoing-call-view').boundingBox();
  expect(box).toEqual({ x: 0, y: 0, ...page.viewportSize() });
  await button(page, 'Exit full screen').click();
  await expect.poll(isFull).toBe(false);
  await button(page, 'Full screen').click();
  await expect.poll(isFull).toBe(true);
  await bob.press('hang-up-button');
  await bob.is('ended: hung-up');
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
});

test('the small window is accessible, and every control works with the keyboard @extended', async ({
  open,
}) => {
  const [, bob] = await inACall(open);
  const { page } = bob;
  const opened = bob.context.waitForEvent('page');
  await button(page, 'More').press('Enter');
  await button(page, 'Show in a small window').press('Enter');
  const small = await opened;
  await small.getByRole('button', { name: 'Mute microphone' }).waitFor();
  // An expression, because the policy of the page allows no further script.
  await small.evaluate(await readFile(axePath, 'utf8'));
  const problems = await small.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  });
  expect(problems).toEqual([]);
  const focused = (): Promise<string | null | undefined> =>
    small.evaluate(() =>
      // The content of the window is in a shadow root.
      document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label'),
    );
  const names: (string | null | undefined)[] = [];
  for (let press = 0; press < 4; press++) {
    await small.keyboard.press('Tab');
    names.push(await focused());
  }
  expect(names).toEqual(['Mute microphone', 'Turn camera off', 'Back to the call', 'Hang up']);
  await small.getByRole('button', { name: 'Turn camera off' }).focus();
  await small.keyboard.press('Space');
  await expect(small.getByRole('button', { name: 'Turn camera on' })).toBeFocused();
  const closed = small.waitForEvent('close');
  await small.getByRole('button', { name: 'Back to the call' }).focus();
  // The window closes before the key is released.
  await small.keyboard.press('Enter').catch(() => {});
  await closed;
  await expect(page.locator('ongoing-call-view')).not.toHaveAttribute('minimised');
  await bob.ask('hangUp');
});
