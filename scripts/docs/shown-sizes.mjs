import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';

/**
 * The limit of a part in the table of sizes in README.md, such as `66 kB`.
 * @param {string} part the start of its name
 */
export function limitOf(part) {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const row = readme.split('\n').find((line) => line.startsWith(`| ${part}`));
  const limit = row?.split('|').at(-2)?.trim() ?? '';
  if (!/^\d+ kB$/.test(limit)) throw new Error(`README.md has no limit for "${part}".`);
  return limit;
}

/**
 * Puts limits of sizes into pages: `{{limit: first load}}`.
 * @returns {import('vite').Plugin}
 */
export const shownSizes = () => ({
  name: 'ringkit-shown-sizes',
  transformIndexHtml: (html) =>
    html.replaceAll(/\{\{limit: ([^}]+)\}\}/g, (_, part) => limitOf(String(part))),
});
