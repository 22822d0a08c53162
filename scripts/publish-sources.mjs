/**
 * Source maps lead to sources. Those of the server package are in two folders, one of them outside of the package: they
 * are copied into it, as they are, and the maps name the copies.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { root } from './dependencies.mjs';

/**
 * @param {string} dist Its maps are rewritten; the sources go to its folder `source`.
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
