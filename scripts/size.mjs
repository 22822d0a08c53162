/**
 * Measures what browsers load, as it lies in dist/, and fails where a limit is passed. What belongs together is read
 * from the bundler's own manifest: a file counts once, with all that it imports statically.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, runScript, SetupError } from './dependencies.mjs';

/**
 * @typedef {{ file: string, imports?: string[] }} Chunk
 * @typedef {object} Limit
 * @property {string} name
 * @property {string[]} modules Sources whose chunks are loaded.
 * @property {string[]} [after] Sources whose chunks are loaded before, and not counted.
 * @property {number} [limit] In bytes, gzip.
 */

const entry = 'src/standalone/module.ts';
const local = 'src/core/transports/local.ts';
const server = 'src/core/transports/server.ts';
const media = 'src/core/media/call-media.ts';

/** A thousand bytes. @param {number} count */
const kB = (count) => count * 1000;

/** @type {Limit[]} */
const limits = [
  { name: 'to ring and be rung, local:', modules: [entry, local], limit: kB(48) },
  { name: 'to ring and be rung, by a server', modules: [entry, server], limit: kB(60) },
  { name: 'media, when a call comes', modules: [media], after: [entry, local], limit: kB(40) },
];

/** Told, not limited. @type {Limit[]} */
const others = [
  'start-call-button',
  'ongoing-call-view',
  'invite-to-call-button',
  'missed-call-list',
].map((tag) => ({
  name: `<${tag}>, when needed`,
  modules: [`src/components/${tag}/${tag}.ts`],
  after: [entry, local],
}));

const dist = join(root, 'dist');

/** @param {string} file within dist */
const gzipSize = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** @returns {Record<string, Chunk>} */
function readManifest() {
  const file = join(dist, '.vite/manifest.json');
  if (!existsSync(file)) throw new SetupError('There is no build to measure: npm run build.');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Files of a module's chunk and of all that it imports statically.
 * @param {Record<string, Chunk>} manifest
 * @param {string} module
 * @param {Set<string>} files
 */
function collect(manifest, module, files) {
  const chunk = manifest[module];
  if (chunk === undefined) {
    throw new SetupError(`The build has no chunk of its own for ${module}: its size is unknown.`);
  }
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) collect(manifest, imported, files);
  return files;
}

/**
 * @param {Record<string, Chunk>} manifest
 * @param {Limit} what
 */
function measure(manifest, { name, modules, after = [], limit }) {
  /** @param {string[]} list */
  const filesOf = (list) =>
    list.reduce(
      (files, module) => collect(manifest, module, files),
      /** @type {Set<string>} */ (new Set()),
    );
  const before = filesOf(after);
  const files = [...filesOf(modules)].filter((file) => !before.has(file));
  return { name, limit, size: files.reduce((sum, file) => sum + gzipSize(file), 0), files };
}

/** @param {number} bytes */
const inKB = (bytes) => `${(bytes / 1000).toFixed(2)} kB`;

await runScript(async () => {
  const manifest = readManifest();
  const rows = [
    ...limits.map((what) => measure(manifest, what)),
    {
      name: 'ringkit.global.js',
      limit: kB(130),
      size: gzipSize('ringkit.global.js'),
      files: ['ringkit.global.js'],
    },
    ...others.map((what) => measure(manifest, what)),
  ];
  let passed = 0;
  let failed = 0;
  for (const { name, limit, size, files } of rows) {
    const over = limit !== undefined && size > limit;
    if (over) failed += 1;
    else if (limit !== undefined) passed += 1;
    const mark = over ? '✗' : ' ';
    const allowed = limit === undefined ? '' : `of ${inKB(limit)}`;
    console.log(
      `${mark} ${name.padEnd(36)}${inKB(size).padStart(9)} ${allowed.padEnd(12)} ${String(files.length)} files`,
    );
  }
  const result = process.env.RESULT_FILE;
  if (result !== undefined) writeFileSync(result, JSON.stringify({ passed, failed }));
  if (failed > 0) process.exitCode = 1;
});
