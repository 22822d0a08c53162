import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import limits from '../../.size-limit.mjs';
import { rowsOf, sizeRowOf } from '../../scripts/docs/readme-table.mjs';
import { root } from './consumer.js';

/** A size in README.md may differ by this from the measured one, because small changes do not update it. */
const TOLERANCE = 0.02;

/** The rows of the table of sizes by the names that `.size-limit.mjs` gives them. */
const names: Readonly<Record<string, string>> = {
  'first load': 'first load, local:',
  'the same with': 'first load, with a server',
  'media code': 'media code, on demand',
  'the call view': '<ongoing-call-view>, on demand',
  '`ringkit.global.js`': 'ringkit.global.js',
};

const gzipped = (content: Uint8Array): number => gzipSync(content, { level: 9 }).length / 1000;

/** The first load of an application that imports `ringkit/define` and calls without a server, bundled by esbuild. */
async function bundledDefine(): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "import './dist/src/define/all.js';", resolveDir: root },
    absWorkingDir: root,
    outdir: join(root, 'out'),
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  const { outputs } = metafile;
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement') load(path);
  };
  for (const entry of ['<stdin>', 'dist/src/core/transports/local.js']) {
    const [file] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
    assert.ok(file !== undefined, entry);
    load(file);
  }
  return outputFiles
    .filter(({ path }) => loaded.has(path.slice(root.length)))
    .reduce((sum, { contents }) => sum + gzipped(contents), 0);
}

const isNear = (stated: string, measured: number): boolean =>
  Math.abs(Number(stated.replace(/ kB$/, '')) - measured) <= measured * TOLERANCE;

it('README.md states the sizes and limits that are measured', async (test) => {
  const faults: string[] = [];
  const compare = (row: string, measured: number, limit = '–'): void => {
    const stated = sizeRowOf(row);
    test.diagnostic(`${row}: ${measured.toFixed(1)} kB`);
    if (!isNear(stated.size, measured))
      faults.push(`${row}: ${stated.size} is ${measured.toFixed(1)} kB`);
    if (stated.limit !== limit) faults.push(`${row}: the limit ${stated.limit} is ${limit}`);
  };
  for (const [row, name] of Object.entries(names)) {
    const entry = limits.find((each) => each.name === name);
    assert.ok(entry, name);
    const files = typeof entry.path === 'string' ? [entry.path] : entry.path;
    const sizes = files.map((file) => gzipped(readFileSync(join(root, file))));
    compare(
      row,
      sizes.reduce((sum, size) => sum + size, 0),
      entry.limit,
    );
  }
  compare("`import 'ringkit/define'`", await bundledDefine());
  assert.equal(rowsOf('| part ').length, limits.length + 1);
  assert.deepEqual(faults, []);
});

it('the comparison finds a wrong size', () => {
  assert.ok(isNear('92.6 kB', 93));
  assert.ok(!isNear('87.1 kB', 92.6));
  assert.ok(!isNear('–', 92.6));
});
