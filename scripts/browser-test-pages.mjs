import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './dependencies.mjs';
import { browserTests } from './test-files.mjs';

const FOLDER = '.cache/browser-tests';

/**
 * Writes a module for each folder with browser tests, which imports them all. They run in one page, one after the other:
 * a page for each file would take twice the CPU time, because each loads the same modules again. A file named `*.alone.test.ts`
 * has a page of its own, because it depends on which modules are loaded.
 * @returns the paths of the modules, relative to the root
 */
export function browserTestPages() {
  /** @type {Map<string, string[]>} */
  const pages = new Map();
  for (const file of browserTests()) {
    const isAlone = file.endsWith('.alone.test.ts');
    const place = isAlone ? file : file.slice(0, file.lastIndexOf('/'));
    const name = place.replaceAll('/', '-').replaceAll('.', '-');
    pages.set(name, [...(pages.get(name) ?? []), file]);
  }
  rmSync(join(root, FOLDER), { recursive: true, force: true });
  mkdirSync(join(root, FOLDER), { recursive: true });
  return [...pages].map(([name, files]) => {
    const path = `${FOLDER}/${name}.test.js`;
    writeFileSync(join(root, path), files.map((file) => `import '/${file}';\n`).join(''));
    return path;
  });
}
