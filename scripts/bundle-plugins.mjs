/**
 * Plugins of the script builds.
 */
import { basename } from 'node:path';
import MagicString from 'magic-string';
import { minify } from 'terser';

/** @typedef {import('vite').Plugin} Plugin */

/** What a plugin has made of a module, with the map that leads back. @param {MagicString} text */
const changed = (text) => ({ code: text.toString(), map: text.generateMap({ hires: true }) });

/**
 * Under `trusted-types lit-html`, a second policy of that name is refused, and Lit would throw as it loads. A second
 * copy of the kit (see src/standalone/first-copy.ts) renders nothing, so it needs none.
 * @type {Plugin}
 */
export const secondCopyOfLit = {
  name: 'ringkit:second-copy-of-lit',
  transform: {
    filter: { id: /lit-html\/lit-html\.js$/ },
    handler(code) {
      const policy = /(\w+)\?(\w+\.createPolicy\("lit-html",)/;
      if (!policy.test(code)) this.error('lit-html makes its policy in another way than before');
      const first = '!globalThis[Symbol.for("ringkit.standalone")]';
      return changed(new MagicString(code).replace(policy, `$1&&${first}?$2`));
    },
  },
};

/** @param {string} css */
const compactCSS = (css) =>
  css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    // A selector has no space behind a colon.
    .replaceAll(': ', ':');

/** White space between tags separates words: one space of it stays. @param {string} html */
const compactHTML = (html) => html.replace(/\s+/g, ' ');

/** @type {Partial<Record<string, (text: string) => string>>} */
const compactors = { css: compactCSS, html: compactHTML, svg: compactHTML };

/**
 * Calls `visit` with every node of a syntax tree.
 * @param {unknown} node
 * @param {(node: any) => void} visit
 */
function walk(node, visit) {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) visit(node);
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const each of child) walk(each, visit);
    else walk(child, visit);
  }
}

/**
 * Takes the indentation out of templates and style sheets, which no minifier of scripts does.
 * @type {Plugin}
 */
export const compactLiterals = {
  name: 'ringkit:compact-literals',
  enforce: 'post',
  transform: {
    filter: { id: /\/src\/components\/.*\.ts$/ },
    handler(code) {
      const text = new MagicString(code);
      walk(this.parse(code), (node) => {
        if (node.type !== 'TaggedTemplateExpression') return;
        const compact = compactors[node.tag.name];
        if (compact === undefined) return;
        for (const { start, end } of node.quasi.quasis) {
          if (start < end) text.update(start, end, compact(code.slice(start, end)));
        }
      });
      return changed(text);
    },
  },
};

/**
 * What belongs into the first file: all that the entry needs at once, and all that two lazy parts share. So each lazy part
 * is one file that needs no other one but the first: a part that fails to load can be asked for again by itself.
 * @param {string} entry
 * @returns {{ plugin: Plugin, belongsToKit: (id: string) => boolean }}
 */
export function graphOf(entry) {
  /** @type {Set<string>} */
  const kit = new Set();
  return {
    belongsToKit: (id) => id !== entry && (kit.has(id) || id.includes('rolldown/runtime')),
    plugin: {
      name: 'ringkit:graph-of-entry',
      buildEnd() {
        /** @param {string} start @returns {Set<string>} */
        const closureOf = (start) => {
          const found = new Set([start]);
          for (const id of found)
            for (const next of this.getModuleInfo(id)?.importedIds ?? []) found.add(next);
          return found;
        };
        for (const id of closureOf(entry)) kit.add(id);
        const lazy = new Set();
        for (const id of this.getModuleIds())
          for (const part of this.getModuleInfo(id)?.dynamicallyImportedIds ?? []) lazy.add(part);
        const seen = new Set();
        for (const part of lazy) {
          for (const id of closureOf(part)) {
            if (seen.has(id) && !lazy.has(id)) kit.add(id);
            seen.add(id);
          }
        }
      },
    },
  };
}

/**
 * Minifies twice more what the bundler has minified: three per cent that it leaves.
 * @param {{ module: boolean }} form
 * @returns {Plugin}
 */
export const minifyAgain = ({ module }) => ({
  name: 'ringkit:minify-again',
  async generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      let { code } = file;
      let map = file.map === null ? undefined : JSON.stringify(file.map);
      for (let round = 0; round < 2; round++) {
        const minified = await minify(code, {
          module,
          ...(map !== undefined && { sourceMap: { content: map, includeSources: true } }),
          ecma: 2020,
          // Nothing that terser calls unsafe: the build is to do what the tested code does.
          compress: { passes: 3 },
          format: { comments: false },
        });
        if (minified.code === undefined) this.error(`${file.fileName} became nothing`);
        code = minified.code;
        if (map !== undefined) map = String(minified.map);
      }
      file.code = `${code}\n`;
      const asset = bundle[file.sourcemapFileName ?? ''];
      if (map === undefined || asset?.type !== 'asset') continue;
      asset.source = map;
      file.code += `//# sourceMappingURL=${basename(asset.fileName)}\n`;
    }
  },
});
