/**
 * Plugins of the script builds.
 */
import { basename } from 'node:path';
import MagicString from 'magic-string';
import { minify } from 'terser';

/** @typedef {import('vite').Plugin} Plugin */

/** The result of a transformation: code and source map. @param {MagicString} text */
const changed = (text) => ({ code: text.toString(), map: text.generateMap({ hires: true }) });

/**
 * Under `trusted-types lit-html`, browsers reject a second policy with that name, and Lit would throw when it loads. A
 * second copy of ringkit (see src/standalone/first-copy.ts) renders nothing, so it creates no policy.
 * @type {Plugin}
 */
export const secondCopyOfLit = {
  name: 'ringkit:second-copy-of-lit',
  transform: {
    filter: { id: /lit-html\/lit-html\.js$/ },
    handler(code) {
      const policy = /(\w+)\?(\w+\.createPolicy\("lit-html",)/;
      if (!policy.test(code))
        this.error('lit-html no longer creates its policy in the expected way');
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
    // In these style sheets, no selector has a space after a colon.
    .replaceAll(': ', ':');

/** Keeps one space where there was white space, because it separates words. @param {string} html */
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
 * Removes indentation from templates and style sheets, which script minifiers do not change.
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
 * Determines the modules of the first file: those that the entry imports statically, and those that two lazy parts share.
 * So each lazy part is one file that needs only the first one, and a part that fails to load can be requested again.
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
 * Minifies the bundler's output twice more, which saves another three per cent.
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
          // No unsafe options of terser: the build must behave like the tested code.
          compress: { passes: 3 },
          format: { comments: false },
        });
        if (minified.code === undefined) this.error(`${file.fileName} is empty after minification`);
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
