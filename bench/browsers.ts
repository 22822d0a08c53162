import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { browserArguments, ensureBrowser } from '../scripts/browser.mjs';

/** Time-out for operations in a page, in ms. */
export const PATIENCE_MS = 20_000;

/**
 * Cameras of groups. `few`: a low frame rate, so that two cores can encode the video of a call of eight in software;
 * `many`: the usual work of a call.
 */
const CAMERAS = {
  few: '--use-fake-device-for-media-stream=fps=2',
  many: '--use-fake-device-for-media-stream=fps=20',
} as const;

/** Two browser processes, for the caller and the callee. */
export interface Browsers {
  /** Opens one page of the site in each process. */
  open(pages: { readonly caller: string; readonly callee: string }): Promise<Pair>;
  /** Opens pages of the site in two further processes, in turn. */
  openGroup(urls: readonly string[], pictures?: keyof typeof CAMERAS): Promise<Group>;
  close(): Promise<void>;
}

export interface Group {
  readonly pages: readonly Page[];
  /** Errors that the pages have reported. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface Pair extends Omit<Group, 'pages'> {
  readonly caller: Page;
  readonly callee: Page;
}

/** @param origin of the site, which gets permission for camera and microphone */
export async function startBrowsers(origin: string): Promise<Browsers> {
  const executablePath = await ensureBrowser();
  const browsers: Browser[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(browsers.map((browser) => browser.close()));
  };
  async function start(...more: string[]): Promise<BrowserContext> {
    const args = [...browserArguments, ...more];
    const browser = await chromium.launch({ executablePath, args });
    browsers.push(browser);
    const context = await browser.newContext();
    await context.grantPermissions(['camera', 'microphone'], { origin });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }
  try {
    const callers = await start();
    const callees = await start();
    const crowds = new Map<string, Promise<BrowserContext[]>>();
    return {
      open: (pages) => openPair((urls) => openPages([callers, callees], urls), pages),
      async openGroup(urls, pictures = 'few') {
        const camera = CAMERAS[pictures];
        const crowd = crowds.get(camera) ?? Promise.all([start(camera), start(camera)]);
        crowds.set(camera, crowd);
        return openPages(await crowd, urls);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPages(
  contexts: readonly BrowserContext[],
  urls: readonly string[],
): Promise<Group> {
  const faults: string[] = [];
  async function open(url: string, index: number): Promise<Page> {
    const context = contexts[index % contexts.length];
    if (!context) throw new Error('No browser context is open.');
    const page = await context.newPage();
    const who = new URL(url).searchParams.get('user') ?? url;
    page.on('pageerror', ({ message }) => faults.push(`${who}: ${message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${who}: ${message.text()}`);
    });
    await page.goto(url);
    return page;
  }
  const pages = await Promise.all(urls.map(open));
  return {
    pages,
    faults,
    async close() {
      await Promise.all(pages.map((page) => page.close()));
    },
  };
}

async function openPair(
  openGroup: Browsers['openGroup'],
  urls: { readonly caller: string; readonly callee: string },
): Promise<Pair> {
  const { pages, ...rest } = await openGroup([urls.caller, urls.callee]);
  const [caller, callee] = pages;
  if (!caller || !callee) throw new Error('Two pages are needed.');
  return { caller, callee, ...rest };
}

/** @throws if `work` takes longer than `patienceMs` */
export async function inTime<T>(
  what: string,
  work: Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  let stop: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    stop = setTimeout(
      () => reject(new Error(`${what}: timed out after ${patienceMs} ms`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(stop);
  }
}
