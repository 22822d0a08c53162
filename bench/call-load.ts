import type { Browser } from '@playwright/test';
import type { Browsers, Group } from './browsers.js';
import { openMesh, traffic, type Entry } from './mesh.js';
import type { Contestant } from './rounds.js';

/** Pictures grow by a step a second, and the processor's limit needs some seconds to settle. */
const SETTLE_MS = 15_000;
const MEASURED_MS = 10_000;

/** What a running call costs each member. */
export interface CallLoad {
  /** CPU time of one page with its share of the browser's other processes, in percent of a core. */
  readonly cpu: number;
  /** Averages of all members, in kbit/s. */
  readonly sentKbps: number;
  readonly receivedKbps: number;
}

/** Measures a call with cameras of 720 lines and 20 frames a second that nobody touches. */
export function callLoadOf(
  entry: Entry,
  size: number,
  site: string,
  browsers: Browsers,
): Contestant<CallLoad> {
  return {
    name: `${entry.name}, ${size}`,
    async round() {
      const mesh = await openMesh({ ...entry, hasLargeCamera: true }, size, site, browsers);
      try {
        return await measure(mesh);
      } finally {
        await mesh.close();
      }
    },
  };
}

async function measure({ pages }: Group): Promise<CallLoad> {
  const own = new Set(pages.flatMap((page) => page.context().browser() ?? []));
  const read = async () => {
    const cpu = await Promise.all([...own].map(cpuSeconds));
    const bytes = await Promise.all(pages.map((page) => page.evaluate(traffic)));
    return {
      at: performance.now(),
      cpu: sum(cpu),
      sent: sum(bytes.map(({ sent }) => sent)),
      received: sum(bytes.map(({ received }) => received)),
    };
  };
  await pages[0]?.waitForTimeout(SETTLE_MS);
  const before = await read();
  await pages[0]?.waitForTimeout(MEASURED_MS);
  const after = await read();
  const ms = after.at - before.at;
  const kbps = (from: number, to: number): number => ((to - from) * 8) / ms / pages.length;
  return {
    cpu: ((after.cpu - before.cpu) * 100_000) / ms / pages.length,
    sentKbps: kbps(before.sent, after.sent),
    receivedKbps: kbps(before.received, after.received),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** CPU time of all processes of a browser so far, in seconds. */
async function cpuSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return sum(processInfo.map(({ cpuTime }) => cpuTime));
}
