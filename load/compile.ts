import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Inside the project, so that the programs find its packages. */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', `load-${process.pid}`);
const compiled = new Map<string, Promise<string>>();

/**
 * Compiles a program as the package is compiled, once. Run with tsx it would do more than the published one does: each
 * function that it makes is given its name.
 * @returns where it lies, until this process ends
 */
export function compile(source: URL): Promise<string> {
  const known = compiled.get(source.href);
  if (known) return known;
  if (compiled.size === 0) {
    mkdirSync(folder, { recursive: true });
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  const compiling = compileTo(folder, fileURLToPath(source));
  compiled.set(source.href, compiling);
  return compiling;
}

async function compileTo(outdir: string, entry: string): Promise<string> {
  const outfile = join(outdir, `${basename(entry, '.ts')}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    absWorkingDir: root,
    logLevel: 'silent',
  });
  return outfile;
}
