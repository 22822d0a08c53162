import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Machine } from './device.js';
import type { Switch } from './switches.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const machineFolder = 'src/core/machine';

/** Applies a switch to the source of one file. Its text must occur exactly once. */
export function turnOff(source: string, { name, file, find, replace }: Switch): string {
  const times = source.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`switch ${name}: its text is ${times} times in ${file}, not once:\n${find}`);
  }
  return source.replace(find, () => replace);
}

/** Replaces the source files of the machine in memory, with the rules of these switches turned off. */
function patching(off: readonly Switch[]): Plugin {
  return {
    name: 'switches',
    setup(context) {
      for (const { name, file } of off) {
        // If no module imported the file, the rule would stay on.
        context.onEnd(({ metafile }) => {
          const path = `${machineFolder}/${file}`;
          const read = Object.keys(metafile?.inputs ?? {}).some((input) => input.endsWith(path));
          return read ? undefined : { errors: [{ text: `switch ${name}: ${path} is not used` }] };
        });
      }
      if (off.length === 0) return;
      // esbuild reads all other files itself, which is faster.
      const files = [...new Set(off.map(({ file }) => file.replaceAll('.', '\\.')))].join('|');
      const filter = new RegExp(`src[\\\\/]core[\\\\/]machine[\\\\/](${files})$`);
      context.onLoad({ filter }, async ({ path }) => {
        const name = relative(resolve(root, machineFolder), path);
        let contents = await readFile(path, 'utf8');
        for (const each of off) if (each.file === name) contents = turnOff(contents, each);
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** Bundles one module of this folder, with all its imports, as the text of an ES module. */
async function bundle(entry: string, off: readonly Switch[]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['esbuild'],
    absWorkingDir: root,
    logLevel: 'silent',
    plugins: [patching(off)],
  });
  const text = outputFiles[0]?.text;
  if (text === undefined) throw new Error(`nothing was bundled from ${entry}`);
  return text;
}

/**
 * Keeps a bundled module in a file while it is used, so that stack traces name a file and do not contain the whole
 * text.
 */
export async function withModule<T>(
  entry: string,
  off: readonly Switch[],
  use: (module: URL) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ringkit-simulation-'));
  try {
    const file = join(folder, 'module.mjs');
    await writeFile(file, await bundle(entry, off));
    return await use(pathToFileURL(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The machine with the rules of these switches turned off. */
export async function machineWithout(off: readonly Switch[]): Promise<Machine> {
  return withModule('machine.ts', off, async ({ href }) => {
    const { machine } = (await import(href)) as { machine: Machine };
    return machine;
  });
}
