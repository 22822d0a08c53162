import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';

/**
 * The rows of a table in README.md, as their cells.
 * @param {string} head the beginning of its first line, such as `| part `
 * @returns {string[][]}
 * @throws {Error} if there is no such table
 */
export function rowsOf(head) {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(head));
  if (first < 0) throw new Error(`README.md has no table "${head}".`);
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/**
 * The row of the table of sizes whose part begins with these words.
 * @param {string} part
 */
export function sizeRowOf(part) {
  const [, size = '', limit = ''] =
    rowsOf('| part ').find(([name]) => name?.startsWith(part)) ?? [];
  return { size, limit };
}
