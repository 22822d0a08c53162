/**
 * The API reference of the site, generated from the sources: elements from the Custom Elements Manifest, modules from their
 * declarations. Written to docs/reference, which is not in the repository.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';
import { writeElementsManifest } from '../elements-manifest.mjs';
import { elementPages } from './element-pages.mjs';
import { modulePages } from './module-pages.mjs';

const folder = join(root, 'docs/reference');
const cache = '.cache/docs-manifest';

/**
 * Writes the pages.
 * @returns {{ elements: { text: string, link: string }[], modules: { text: string, link: string }[] }} the entries of the sidebar
 */
export function writeReference() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeElementsManifest(cache);
  const manifest = JSON.parse(readFileSync(join(root, cache, 'custom-elements.json'), 'utf8'));
  const elements = elementPages(manifest);
  const modules = modulePages();
  for (const { name, text } of [...elements, ...modules]) {
    writeFileSync(join(folder, `${name}.md`), `---\neditLink: false\n---\n\n${text}\n`);
  }
  return {
    elements: elements.map(({ name }) => ({ text: `&lt;${name}&gt;`, link: `/reference/${name}` })),
    modules: modules.map(({ name, title }) => ({ text: title, link: `/reference/${name}` })),
  };
}
