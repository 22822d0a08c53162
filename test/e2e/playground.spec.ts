import { test, type Page } from '@playwright/test';
import { faultsOf, startDemo, type Demo } from './demo-server.js';
import { expect } from './expect.js';

/** The playground: elements with a scripted service, in a frame. */

let server: Demo;
let base: string;

test.beforeAll(async () => {
  server = await startDemo();
  ({ base } = server);
});
test.afterAll(() => server.close());

async function open(page: Page, hash = ''): Promise<string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(`${base}/demo/playground.html${hash}`);
  return faults;
}

const stage = (page: Page) => page.frameLocator('iframe');
const code = (page: Page) => page.locator('.code pre');

test('each element is shown in each state, without errors', async ({ page }) => {
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  const faults = await open(page);
  const elements = page.getByRole('navigation').locator('.tag');
  const count = await elements.count();
  expect(count).toBe(11);
  for (let index = 0; index < count; index++) {
    await elements.nth(index).click();
    const tag = await elements.nth(index).locator('code').innerText();
    for (const scene of await page.getByRole('navigation').locator('.scene').all()) {
      await scene.click();
      // The element may be a box of no size around a popover.
      await expect(stage(page).locator(`${tag} :is(section, button)`).first()).toBeVisible();
    }
  }
  expect(faults).toEqual([]);
});

test('attributes, config, theme, language and colours change what is shown, the code and the URL @extended', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const faults = await open(page, '#element=start-call-button');
  const button = stage(page).locator('start-call-button [part~="button"]');
  await expect(button).toBeEnabled();
  await page.getByRole('checkbox', { name: 'disabled' }).check();
  await expect(button).toBeDisabled();
  await expect(code(page)).toContainText('<start-call-button disabled>Call Ben<');
  await page.getByRole('button', { name: 'incoming-call-dialog' }).click();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
  await expect(stage(page).locator('html')).toHaveAttribute('dir', 'rtl');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('button', { name: 'Violet' }).click();
  const accept = stage(page).locator('[part~="accept-button"]');
  await expect(accept).toHaveCSS('background-color', 'rgb(91, 43, 214)');
  await page.getByRole('textbox', { name: 'config' }).fill('{"declineMessages": []}');
  await page.getByRole('textbox', { name: 'config' }).blur();
  await expect(stage(page).locator('[part~="message-button"]')).toHaveCount(0);
  await expect(code(page)).toContainText(`lang="ar" config='{"declineMessages":[]}'`);
  await expect(code(page)).toContainText('color-scheme: dark;');
  await expect(page).toHaveURL(/lang=ar.*--call-accept=%235b2bd6/);
  // The URL shows the same again.
  await page.reload();
  await expect(accept).toHaveCSS('background-color', 'rgb(91, 43, 214)');
  expect(faults).toEqual([]);
});

test('a slider begins at the size that is shown, and reaches it again @extended', async ({
  page,
}) => {
  await open(page, '#element=outgoing-call-dialog&scene=voice');
  const avatar = stage(page).locator('outgoing-call-dialog .avatar').first();
  const slider = page.getByRole('slider', { name: 'Large avatar' });
  await expect(avatar).toHaveCSS('inline-size', '112px');
  await expect(slider).toHaveValue('112');
  await slider.press('ArrowRight');
  await expect(avatar).toHaveCSS('inline-size', '113px');
  await slider.press('ArrowLeft');
  await expect(avatar).toHaveCSS('inline-size', '112px');
});

test('the code can be copied @extended', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '#element=missed-call-list');
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    '<call-invitation-provider user-id="ann">\n  <missed-call-list></missed-call-list>\n</call-invitation-provider>',
  );
});

test('the playground is accessible, and fits a phone @extended', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await open(page, '#element=ongoing-call-view&scene=group-3&size=desktop');
      await expect(stage(page).locator('ongoing-call-view .tile').first()).toBeVisible();
      expect(await faultsOf(page), `${colorScheme} ${width}`).toEqual([]);
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(excess).toBeLessThanOrEqual(0);
    }
  }
});
