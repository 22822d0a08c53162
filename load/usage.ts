import { readFileSync } from 'node:fs';

/** What processes have used so far, all together. */
export interface Usage {
  /** In memory, not shared pages counted once more (RSS), in bytes. */
  readonly memory: number;
  /** On a processor, in ms. */
  readonly cpuMs: number;
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** @returns nothing where that can't be told: not on Linux, or the process is gone */
export function usageOf(pid: number): Usage | undefined {
  try {
    // The name of the program, in brackets, may have anything in it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [user, system, pages] = [stat[11], stat[12], stat[21]].map(Number);
    if (user === undefined || system === undefined || pages === undefined) return undefined;
    return { memory: pages * PAGE_BYTES, cpuMs: (user + system) * TICK_MS };
  } catch {
    return undefined;
  }
}

/**
 * What a node tells of itself.
 * @returns nothing when it does not
 */
export async function usageOfNode(node: string): Promise<Usage | undefined> {
  const url = new URL('/metrics', node.replace(/^ws/, 'http'));
  const text = await fetch(url).then(
    (response) => (response.ok ? response.text() : ''),
    () => '',
  );
  const read = (name: string): number | undefined => {
    const value = new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const memory = read('process_resident_memory_bytes');
  const seconds = read('process_cpu_seconds_total');
  return memory === undefined || seconds === undefined
    ? undefined
    : { memory, cpuMs: seconds * 1_000 };
}
