/**
 * Plugins of the script builds.
 */
import { minify } from 'terser';

/** @typedef {import('vite').Plugin} Plugin */

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
      return { code: code.replace(policy, `$1&&${first}?$2`), map: null };
    },
  },
};

/**
 * What stands in for modules that do more than the kit has use for, by the ends of their names.
 * @type {Readonly<Record<string, string>>}
 */
const plainModules = {
  // Lit's decorator and the helper that applies it know every form that decorators have had. The kit's are all of one:
  // on a field, without a value of their own.
  'reactive-element/decorators/property.js':
    'export const property = (options) => (element, name) => element.constructor.createProperty(name, options);',
  '/decorate.js': 'export default ([decorate], element, name) => decorate(element, name);',
  // Browsers without adopted style sheets are older than those that the kit supports.
  'reactive-element/css-tag.js': `
    export class CSSResult {
      constructor(cssText) { this.cssText = cssText; }
      get styleSheet() {
        if (!this.sheet) (this.sheet = new CSSStyleSheet()).replaceSync(this.cssText);
        return this.sheet;
      }
    }
    export const css = (strings, ...values) =>
      new CSSResult(strings.reduce((text, string, index) => text + (values[index - 1].cssText ?? values[index - 1]) + string));
    export const adoptStyles = (root, styles) =>
      { root.adoptedStyleSheets = styles.map(({ styleSheet }) => styleSheet); };
    export const getCompatibleStyle = (style) => style;
    export const unsafeCSS = (text) => new CSSResult(text);
    export const supportsAdoptingStyleSheets = true;`,
  // In a script nobody derives stores from others. Each listener hears the newest value, in the order of the changes,
  // whatever another one throws.
  'nanostores/index.js': `
    let queue = [];
    export const atom = (initial) => {
      let listeners = [];
      const store = {
        value: initial,
        get: () => store.value,
        set(value) {
          const old = store.value;
          if (Object.is(value, old)) return;
          store.value = value;
          const first = !queue.length;
          for (const listener of listeners)
            queue.push(() => { if (listeners.includes(listener)) listener(store.value, old); });
          if (!first) return;
          let thrown;
          for (const job of queue) try { job(); } catch (error) { thrown = [error]; }
          queue = [];
          if (thrown) throw thrown[0];
        },
        listen(listener) {
          const own = (...values) => listener(...values);
          listeners = [...listeners, own];
          return () => { listeners = listeners.filter((each) => each !== own); };
        },
        subscribe(listener) {
          const stop = store.listen(listener);
          listener(store.value);
          return stop;
        },
      };
      return store;
    };`,
};

/** @type {Plugin} */
export const plainParts = {
  name: 'ringkit:plain-parts',
  transform: {
    filter: {
      id: /(reactive-element\/(decorators\/property|css-tag)|helpers(\/esm)?\/decorate|nanostores\/index)\.js$/,
    },
    handler(_code, id) {
      const [, plain] = Object.entries(plainModules).find(([end]) => id.endsWith(end)) ?? [];
      if (plain === undefined) this.error(`nothing stands in for ${id}`);
      return { code: plain, map: null };
    },
  },
};

/**
 * What Lit's modules do beside what they are for, at their end: hooks for polyfills and for rendering on a server, and
 * the versions that its development form reads. Each is a text and what stands in for it.
 * @type {Readonly<Record<string, readonly (readonly [RegExp, string])[]>>}
 */
const litExtras = {
  'lit-html.js': [
    [
      /,(\w)=\w\.litHtmlPolyfillSupport;\1\?\.\(\w,\w\),\(\w\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]+"\);/,
      ';',
    ],
  ],
  'lit-element.js': [
    [/,\w\.litElementHydrateSupport\?\.\(\{LitElement:\w\}\);/, ';'],
    [/const (\w)=\w\.litElementPolyfillSupport;\1\?\.\(\{LitElement:\w\}\);/, ''],
    [/\(\w\.litElementVersions\?\?=\[\]\)\.push\("[^"]+"\);/, ''],
  ],
  'reactive-element.js': [
    [
      /,\w\?\.\(\{ReactiveElement:\w\}\),\(\w\.reactiveElementVersions\?\?=\[\]\)\.push\("[^"]+"\);/,
      ';',
    ],
  ],
};

/** @type {Plugin} */
export const litAlone = {
  name: 'ringkit:lit-alone',
  transform: {
    filter: {
      id: /(lit-html\/lit-html|lit-element\/lit-element|reactive-element\/reactive-element)\.js$/,
    },
    handler(code, id) {
      for (const [extra, plain] of litExtras[id.replace(/^.*\//, '')] ?? []) {
        if (!extra.test(code)) this.error(`${id} ends in another way than before`);
        code = code.replace(extra, plain);
      }
      return { code, map: null };
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
      /** @type {{ start: number, end: number, text: string }[]} */
      const changes = [];
      walk(this.parse(code), (node) => {
        if (node.type !== 'TaggedTemplateExpression') return;
        const compact = compactors[node.tag.name];
        if (compact === undefined) return;
        for (const { start, end } of node.quasi.quasis) {
          changes.push({ start, end, text: compact(code.slice(start, end)) });
        }
      });
      changes.sort((a, b) => b.start - a.start);
      for (const { start, end, text } of changes) {
        code = code.slice(0, start) + text + code.slice(end);
      }
      return { code, map: null };
    },
  },
};

/**
 * Keeps in one file what an entry needs at once: many small ones would each be asked for, and compress worse.
 * @param {string} entry
 * @returns {{ plugin: Plugin, isNeededAtOnce: (id: string) => boolean }}
 */
export function graphOf(entry) {
  /** @type {Set<string>} */
  const needed = new Set();
  return {
    isNeededAtOnce: (id) => id !== entry && needed.has(id),
    plugin: {
      name: 'ringkit:graph-of-entry',
      buildEnd() {
        const waiting = [entry];
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
          if (needed.has(id)) continue;
          needed.add(id);
          waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []));
        }
      },
    },
  };
}

/**
 * Names of the machine's fields and methods. They may be shortened, since both ends of each lie in one file of each build;
 * a name that crosses files, or that messages, pages, the media, a reload's storage or the browser know, may not.
 */
const innerNames =
  /^(act|acted|answers|batch|callbacks|company|deadline|drained|drainedAt|early|elsewhere|glareType|gone|heard|isBusy|joining|joinRefused|lastOutcome|lastWord|links|nextMessageID|overAt|probing|quiet|rang|refusals|reportMissed|say|sayAll|serial|settleWaitsForDrain|startTimer|stopped|sweptAt|told|touched|trustedUntil|twinOf|unacknowledged|watched)$/;

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
      for (let round = 0; round < 2; round++) {
        const minified = await minify(code, {
          module,
          ecma: 2020,
          compress: { passes: 3, keep_fargs: false, unsafe_arrows: true, unsafe_methods: true },
          mangle: { properties: { regex: innerNames, builtins: true } },
          format: { comments: false },
        });
        if (minified.code === undefined) this.error(`${file.fileName} became nothing`);
        code = minified.code;
      }
      file.code = `${code}\n`;
    }
  },
});
