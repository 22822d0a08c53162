import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join } from 'node:path';
import { filesOf } from './consumer.js';

/** Expects that modules and declarations have source maps, and that each map refers to installed sources. */
export async function checkSourceMaps(folder: string): Promise<void> {
  const files = (await filesOf(folder)).filter((file) => !file.startsWith('node_modules/'));
  const maps = files.filter((file) => file.endsWith('.map'));
  const named = files.filter((file) => /^dist\/(?!source\/).*\.(js|d\.ts)$/.test(file));
  assert.deepEqual(maps.sort(), named.map((file) => `${file}.map`).sort());
  for (const file of named) {
    const text = await readFile(join(folder, file), 'utf8');
    assert.match(text, new RegExp(`//# sourceMappingURL=[^/]+\\.map\\s*$`), file);
  }
  for (const file of maps) {
    const map = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
      sources: readonly string[];
      sourcesContent?: readonly (string | null)[];
    };
    assert.ok(map.sources.length > 0, file);
    for (const [index, source] of map.sources.entries()) {
      if (typeof map.sourcesContent?.[index] === 'string') continue;
      const path = join(folder, dirname(file), source);
      assert.ok(path.startsWith(`${folder}/`), `${file} names ${source}, outside of the package`);
      await access(path);
    }
  }
}

/**
 * Expects that strings in a script are at the same strings in a source according to its map, except for a few that
 * were moved.
 */
export async function checkPositions(script: string): Promise<void> {
  const map = JSON.parse(await readFile(`${script}.map`, 'utf8')) as SourceMapPayload;
  const found = new SourceMap(map);
  const isRight = (name: string, line: number, column: number): boolean => {
    const entry = found.findEntry(line, column);
    if (!('originalSource' in entry)) return false;
    const text = map.sourcesContent[map.sources.indexOf(entry.originalSource)] ?? '';
    const original = text.split('\n')[entry.originalLine] ?? '';
    return original.slice(entry.originalColumn + 1).startsWith(name);
  };
  const lines = (await readFile(script, 'utf8')).split('\n');
  const results = lines.flatMap((text, line) =>
    [...text.matchAll(/"([a-z]+(?:-[a-z]+)+)"/g)].map((match) =>
      isRight(match[1] ?? '', line, match.index),
    ),
  );
  const right = results.filter(Boolean).length;
  assert.ok(right > 5 && right > results.length * 0.9, `${String(right)} of ${results.length}`);
}

/** Files of a package of unknown kinds. */
export async function unknownFiles(folder: string, known: RegExp): Promise<string[]> {
  return (await filesOf(folder)).filter((file) => !known.test(file));
}
