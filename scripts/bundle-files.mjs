/** Finds the files of dist/ that a browser loads for a module, with the bundler's manifest. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './dependencies.mjs';

/** @typedef {{ file: string, imports?: string[] }} Chunk */

/** @returns {Record<string, Chunk>} */
function readManifest() {
  const file = join(root, 'dist/.vite/manifest.json');
  if (!existsSync(file)) throw new SetupError('There is no build. Run npm run build first.');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Adds the file of a module's chunk, and those of all chunks that it imports statically.
 * @param {Record<string, Chunk>} manifest
 * @param {string} module
 * @param {Set<string>} files
 */
function collect(manifest, module, files) {
  const chunk = manifest[module];
  if (chunk === undefined) {
    throw new SetupError(`The build has no separate chunk for ${module}, so its size is unknown.`);
  }
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) collect(manifest, imported, files);
  return files;
}

/**
 * @param {string[]} modules Source files whose chunks are loaded.
 * @param {string[]} [after] Source files whose chunks are loaded before, and not counted.
 * @returns {string[]} paths from the root of the project
 */
export function bundleFiles(modules, after = []) {
  const manifest = readManifest();
  /** @param {string[]} list */
  const filesOf = (list) =>
    list.reduce(
      (files, module) => collect(manifest, module, files),
      /** @type {Set<string>} */ (new Set()),
    );
  const before = filesOf(after);
  return [...filesOf(modules)]
    .filter((file) => !before.has(file))
    .map((file) => join('dist', file));
}
