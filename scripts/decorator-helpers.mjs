import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes `this` from the helper of decorators that TypeScript writes into modules: it is undefined there, and Rollup warns of
 * each. No position in a source map changes, because a map has none in the lines of the helper.
 * @param {string} folder
 */
export function removeThisFromHelpers(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const changed = text.replace(
      /^var __decorate = \(this && this\.__decorate\) \|\| /m,
      'var __decorate = ',
    );
    if (changed !== text) writeFileSync(file, changed);
  }
}
