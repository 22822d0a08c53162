import { chromium, type Browser, type Page } from '@playwright/test';
import { browserArguments, findBrowser } from '../../scripts/browser.mjs';
import type { CallInvitationService } from '../../src/index.js';

/** Starts the Chromium that the tests use. @param args its command line options */
export async function launchBrowser(args: readonly string[] = browserArguments): Promise<Browser> {
  const executablePath = await findBrowser();
  return chromium.launch({
    args: [...args],
    ...(executablePath !== undefined && { executablePath }),
  });
}

/** Waits until the user of a page is connected. */
export async function connected(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const provider = document.querySelector<
      // The service is missing until the element is defined.
      HTMLElement & { readonly service?: CallInvitationService }
    >('call-invitation-provider');
    return provider?.service?.$connection.get() === 'connected';
  });
}
