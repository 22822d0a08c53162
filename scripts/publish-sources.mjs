/**
 * Copies the sources that the source maps of the server package refer to into the package, and makes the maps refer to the
 * copies. Some of these sources are outside of the package (`src/core/protocol`).
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { root } from './dependencies.mjs';

/**
 * @param {string} dist the folder whose maps are rewritten. The sources are copied to its folder `source`
 */
export function publishSources(dist) {
  const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.map'),
  );
  for (const file of maps.map((name) => join(dist, name))) {
    /** @type {{ sources: string[] }} */
    const map = JSON.parse(readFileSync(file, 'utf8'));
    map.sources = map.sources.map((name) => {
      const source = resolve(dirname(file), name);
      const copy = join(dist, 'source', relative(root, source));
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(source, copy);
      return relative(dirname(file), copy).split(sep).join('/');
    });
    writeFileSync(file, JSON.stringify(map));
  }
}
