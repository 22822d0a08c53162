/**
 * Makes one file of the module build's entry and of all chunks that others import statically.
 *
 * A static import that fails is final: the module that asks for it fails with it, and browsers may remember the failure.
 * So no file of the build imports another one statically. The entry holds the shared chunks, and hands them to the lazy
 * ones by the page's registry of symbols, under a name with the hash of their contents. That also holds where the
 * entry's URL has a query: its lazy files use the instance that is there, and do not ask for a second one.
 *
 * See docs/decisions/0014.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** @typedef {{ file: string, isEntry?: boolean, imports?: string[], dynamicImports?: string[] }} Chunk */
/** @typedef {{ start: number, end: number, text: string }} Change */

/** @param {string} file */
const keyOf = (file) => `globalThis[Symbol.for(${JSON.stringify(`ringkit ${basename(file)}`)})]`;

/** @param {string} code @param {Change[]} changes */
function apply(code, changes) {
  for (const { start, end, text } of changes.sort((a, b) => b.start - a.start))
    code = code.slice(0, start) + text + code.slice(end);
  return code;
}

/** The name of an import or export, which may be written as a string. @param {any} node */
const nameOf = (node) => (node.type === 'Literal' ? JSON.stringify(node.value) : node.name);

/**
 * Static imports become reads of the registry. The exports of a chunk become what a function returns.
 * @param {string} code
 * @param {any} program its syntax tree
 * @param {boolean} isShared
 * @param {(message: string) => never} fail
 */
function rewrite(code, program, isShared, fail) {
  /** @type {Change[]} */
  const changes = [];
  for (const node of program.body) {
    const { start, end } = node;
    if (node.type === 'ImportDeclaration') {
      const names = node.specifiers.map((/** @type {any} */ one) => {
        if (one.type !== 'ImportSpecifier') fail('an import that is not one of names');
        return `${nameOf(one.imported)}:${one.local.name}`;
      });
      const text = names.length ? `const{${names.join(',')}}=${keyOf(node.source.value)};` : '';
      changes.push({ start, end, text });
    } else if (isShared && node.type === 'ExportNamedDeclaration') {
      if (node.declaration || node.source) fail('an export that is not a list of names');
      const names = node.specifiers.map(
        (/** @type {any} */ one) => `get ${nameOf(one.exported)}(){return ${one.local.name}}`,
      );
      changes.push({ start, end, text: `return{${names.join(',')}};` });
    } else if (isShared && node.type.startsWith('Export')) {
      fail('an export that is not a list of names');
    }
  }
  return apply(code, changes);
}

/** Shared chunks lie in a folder, the entry beside it. @param {string} code @param {string} folder */
const movedUp = (code, folder) => code.replace(/\bimport\((["'])\.\//g, `import($1./${folder}/`);

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
    const code = readFileSync(join(dist, file), 'utf8').trim();
    return rewrite(
      code,
      parse(code),
      [...shared].some((id) => manifest[id]?.file === file),
      (why) => {
        throw new Error(`${file} has ${why}.`);
      },
    );
  };

  /** Those that others need come first. @type {string[]} */
  const order = [];
  /** @param {string} id */
  const visit = (id) => {
    for (const needed of manifest[id]?.imports ?? []) visit(needed);
    if (!order.includes(id)) order.push(id);
  };
  for (const id of shared) visit(id);

  const parts = order.map((id) => {
    const { file } = /** @type {Chunk} */ (manifest[id]);
    const code = movedUp(read(file), file.slice(0, file.lastIndexOf('/')));
    return `${keyOf(file)}??=(()=>{${code}})();`;
  });
  writeFileSync(join(dist, entry.file), `${parts.join('\n')}\n(()=>{${read(entry.file)}})();\n`);

  for (const [id, chunk] of Object.entries(manifest)) {
    if (shared.has(id)) continue;
    if (chunk !== entry) writeFileSync(join(dist, chunk.file), `${read(chunk.file)}\n`);
    delete chunk.imports;
  }
  for (const id of shared) {
    const { file, dynamicImports = [] } = /** @type {Chunk} */ (manifest[id]);
    rmSync(join(dist, file));
    entry.dynamicImports = [...new Set([...(entry.dynamicImports ?? []), ...dynamicImports])];
  }
  const left = Object.fromEntries(Object.entries(manifest).filter(([id]) => !shared.has(id)));
  writeFileSync(manifestFile, `${JSON.stringify(left, undefined, 2)}\n`);
}
