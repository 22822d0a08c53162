import { once } from 'node:events';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

type Child = ChildProcessByStdio<null, Readable, null>;

/**
 * Waits for output of a process that matches.
 * @throws if the process ends before
 */
export async function firstOutput(child: Child, pattern: RegExp): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The process has ended with ${String(code)}.`);
  });
  ended.catch(() => {});
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  for (;;) {
    const [found] = pattern.exec(output) ?? [];
    if (found !== undefined) return found;
    await Promise.race([once(child.stdout, 'data'), ended]);
  }
}
