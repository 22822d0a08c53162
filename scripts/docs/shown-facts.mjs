import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';
import { sizeRowOf } from './readme-table.mjs';

/**
 * The size of a part in the table of sizes in README.md, such as `66.1 kB`. A test of the packages compares the table with
 * the measured sizes.
 * @param {string} part the start of its name
 */
export function sizeOf(part) {
  const { size } = sizeRowOf(part);
  if (!/^\d+\.\d kB$/.test(size)) throw new Error(`README.md has no size for "${part}".`);
  return size;
}

/** Where the source is: a link to the hosted repository, or the folder in the installed package. */
function source() {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const address = repository?.url.replace(/^git\+|\.git$/g, '');
  return address
    ? `<a href="${address}">Source</a>`
    : 'Source: <code>node_modules/ringkit/src</code>';
}

/**
 * Puts facts into pages: sizes, for example `{{size: first load}}`, and `{{source}}`.
 * @returns {import('vite').Plugin}
 */
export const shownFacts = () => ({
  name: 'ringkit-shown-facts',
  transformIndexHtml: (html) =>
    html
      .replaceAll(/\{\{size: ([^}]+)\}\}/g, (_, part) => sizeOf(String(part)))
      .replace('{{source}}', source),
});
