import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { browserArguments, ensureBrowser } from '../scripts/browser.mjs';

/** How long anything in a page may take before it counts as failed, in ms. */
export const PATIENCE_MS = 20_000;

/** Two browser processes: the caller's and the callee's. */
export interface Browsers {
  /** Opens a page of the site in each. */
  open(pages: { readonly caller: string; readonly callee: string }): Promise<Pair>;
  close(): Promise<void>;
}

export interface Pair {
  readonly caller: Page;
  readonly callee: Page;
  /** Faults that the pages have reported. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** @param origin of the site: the people in the bench have given it camera and microphone before */
export async function startBrowsers(origin: string): Promise<Browsers> {
  const executablePath = await ensureBrowser();
  const browsers: Browser[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(browsers.map((browser) => browser.close()));
  };
  async function start(): Promise<BrowserContext> {
    const browser = await chromium.launch({ executablePath, args: browserArguments });
    browsers.push(browser);
    const context = await browser.newContext();
    await context.grantPermissions(['camera', 'microphone'], { origin });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }
  try {
    const callers = await start();
    const callees = await start();
    return { open: (pages) => openPair(callers, callees, pages), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPair(
  callers: BrowserContext,
  callees: BrowserContext,
  urls: { readonly caller: string; readonly callee: string },
): Promise<Pair> {
  const faults: string[] = [];
  async function open(context: BrowserContext, url: string, who: string): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => faults.push(`${who}: ${message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${who}: ${message.text()}`);
    });
    await page.goto(url);
    return page;
  }
  const [caller, callee] = await Promise.all([
    open(callers, urls.caller, 'caller'),
    open(callees, urls.callee, 'callee'),
  ]);
  return {
    caller,
    callee,
    faults,
    async close() {
      await Promise.all([caller.close(), callee.close()]);
    },
  };
}

/** @throws when `work` takes longer than {@link PATIENCE_MS} */
export async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let stop: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    stop = setTimeout(
      () => reject(new Error(`${what}: nothing in ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(stop);
  }
}
