import { readFileSync } from 'node:fs';

/** Resources that one or several processes have used. */
export interface Usage {
  /** Resident memory (RSS) in bytes. Pages that processes share count for each of them. */
  readonly memory: number;
  /** CPU time in ms. */
  readonly cpuMs: number;
}

/** Unit of CPU times in /proc on Linux, in ms, whatever the kernel's clock. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** @returns undefined if unknown: not on Linux, or the process has exited */
export function usageOf(pid: number): Usage | undefined {
  try {
    // The name of the program, in parentheses, may contain any characters.
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
 * The resources that a node reports in its metrics.
 * @returns undefined if it does not report them
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
