/**
 * Joins the entry of the module build and all chunks that others import statically into one file.
 *
 * A static import that fails can't be retried: the importing module fails with it, and browsers may keep the failure.
 * Therefore no file of the build imports another one statically. The entry contains the shared chunks, and hands them to
 * lazy files through the global symbol registry, under a name with the hash of their contents. This works even if the
 * URL of the entry has a query: its lazy files use the loaded instance and do not request a second one.
 *
 * See docs/decisions/0014.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import remapping from '@jridgewell/remapping';
import MagicString, { Bundle } from 'magic-string';

/** @typedef {{ file: string, isEntry?: boolean, imports?: string[], dynamicImports?: string[] }} Chunk */

const noSources = '{"version":3,"sources":[],"names":[],"mappings":""}';

/** @param {string} file */
const keyOf = (file) => `globalThis[Symbol.for(${JSON.stringify(`ringkit ${basename(file)}`)})]`;

/** The name of an import or export, which may be a string literal. @param {any} node */
const nameOf = (node) => (node.type === 'Literal' ? JSON.stringify(node.value) : node.name);

/**
 * Replaces static imports by reads of the registry, and the exports of a shared chunk by the return value of a function.
 * @param {MagicString} code
 * @param {any} program its syntax tree
 * @param {boolean} isShared
 * @param {(message: string) => never} fail
 */
function rewrite(code, program, isShared, fail) {
  for (const node of program.body) {
    const { start, end } = node;
    if (node.type === 'ImportDeclaration') {
      const names = node.specifiers.map((/** @type {any} */ one) => {
        if (one.type !== 'ImportSpecifier') fail('an import that is not one of names');
        return `${nameOf(one.imported)}:${one.local.name}`;
      });
      const text = names.length ? `const{${names.join(',')}}=${keyOf(node.source.value)};` : '';
      if (text === '') code.remove(start, end);
      else code.update(start, end, text);
    } else if (isShared && node.type === 'ExportNamedDeclaration') {
      if (node.declaration || node.source) fail('an export that is not a list of names');
      const names = node.specifiers.map(
        (/** @type {any} */ one) => `get ${nameOf(one.exported)}(){return ${one.local.name}}`,
      );
      code.update(start, end, `return{${names.join(',')}};`);
    } else if (isShared && node.type.startsWith('Export')) {
      fail('an export that is not a list of names');
    }
  }
}

/** Adapts imports of a shared chunk, which moves from its folder to the entry beside that folder. @param {MagicString} code @param {string} folder */
const moveUp = (code, folder) => code.replace(/\bimport\((["'])\.\//g, `import($1./${folder}/`);

/** The source map of a file of the build; code that the bundler has added has none. @param {string} file */
const readMap = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : noSources);

/**
 * Writes a file that joins files of the build, and its source map, which refers to the original sources.
 * @param {string} dist
 * @param {string} file
 * @param {MagicString[]} parts
 */
function write(dist, file, parts) {
  const bundle = new Bundle({ separator: '\n' });
  for (const part of parts) bundle.addSource(part);
  const map = remapping(
    /** @type {any} */ (bundle.generateMap({ hires: true, includeContent: false })),
    (source, { depth }) => (depth === 1 ? readMap(join(dist, `${source}.map`)) : null),
  );
  map.file = basename(file);
  map.sources = map.sources.map((source) => posix.relative(posix.dirname(file), source ?? ''));
  writeFileSync(join(dist, `${file}.map`), JSON.stringify(map));
  const code = bundle.toString();
  writeFileSync(join(dist, file), `${code}\n//# sourceMappingURL=${basename(file)}.map\n`);
}

/**
 * Rewrites the files of a build, and its manifest.
 * @param {string} dist
 * @param {(code: string) => any} parse
 */
export function makeOneFirstFile(dist, parse) {
  const manifestFile = join(dist, '.vite/manifest.json');
  /** @type {Record<string, Chunk>} */
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const entry = Object.values(manifest).find(({ isEntry }) => isEntry);
  if (!entry) throw new Error('The build has no entry.');
  const shared = new Set(Object.values(manifest).flatMap(({ imports = [] }) => imports));

  /** @param {string} file */
  const read = (file) => {
    const text = readFileSync(join(dist, file), 'utf8');
    const code = text.replace(/\/\/# sourceMappingURL=.*\s*$/, '').trimEnd();
    const part = new MagicString(code, { filename: file });
    rewrite(
      part,
      parse(code),
      [...shared].some((id) => manifest[id]?.file === file),
      (why) => {
        throw new Error(`${file} has ${why}.`);
      },
    );
    return part;
  };

  /** Sorted so that each chunk comes after those that it imports. @type {string[]} */
  const order = [];
  /** @param {string} id */
  const visit = (id) => {
    for (const needed of manifest[id]?.imports ?? []) visit(needed);
    if (!order.includes(id)) order.push(id);
  };
  for (const id of shared) visit(id);

  const parts = order.map((id) => {
    const { file } = /** @type {Chunk} */ (manifest[id]);
    const part = read(file);
    moveUp(part, posix.dirname(file));
    return part.prepend(`${keyOf(file)}??=(()=>{`).append('})();');
  });
  parts.push(read(entry.file).prepend('(()=>{').append('})();'));
  write(dist, entry.file, parts);

  for (const [id, chunk] of Object.entries(manifest)) {
    if (shared.has(id)) continue;
    if (chunk !== entry) write(dist, chunk.file, [read(chunk.file)]);
    delete chunk.imports;
  }
  for (const id of shared) {
    const { file, dynamicImports = [] } = /** @type {Chunk} */ (manifest[id]);
    for (const name of [file, `${file}.map`]) rmSync(join(dist, name), { force: true });
    entry.dynamicImports = [...new Set([...(entry.dynamicImports ?? []), ...dynamicImports])];
  }
  const left = Object.fromEntries(Object.entries(manifest).filter(([id]) => !shared.has(id)));
  writeFileSync(manifestFile, `${JSON.stringify(left, undefined, 2)}\n`);
}
