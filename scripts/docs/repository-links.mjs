import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../dependencies.mjs';

/**
 * What this module uses of markdown-it.
 * @typedef {{ type: string, tag: string, attrs: [string, string][] | null, children: Token[] | null, attrGet(name: string): string | null, attrSet(name: string, value: string): void }} Token
 * @typedef {{ tokens: Token[], env: { relativePath?: string } }} State
 * @typedef {{ core: { ruler: { push(name: string, rule: (state: State) => void): void } } }} Markdown
 */

const docs = join(root, 'docs');

/** Files outside docs/ that are also pages of the site. @type {Record<string, string>} */
const pages = { 'CHANGELOG.md': 'changelog.md' };

/**
 * Links of the Markdown files lead to files of the repository. On the site, those to files outside docs/ lead to the hosted
 * repository; without one, they are plain text.
 * @param {Markdown} markdown
 * @param {string | undefined} repository URL of the hosted repository
 * @throws {Error} while rendering, if a link leads to a file that does not exist
 */
export function repositoryLinks(markdown, repository) {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const folder = dirname(join(docs, env.relativePath ?? ''));
    for (const { children } of tokens) if (children !== null) convert(children, folder);
  });

  /**
   * @param {Token[]} tokens
   * @param {string} folder of the page
   */
  function convert(tokens, folder) {
    let unlinked = 0;
    for (const token of tokens) {
      if (token.type === 'link_close' && unlinked > 0) {
        unlinked--;
        rename(token);
      }
      if (token.type !== 'link_open') continue;
      const href = token.attrGet('href') ?? '';
      if (/^([a-z]+:|[/#])/.test(href)) continue;
      const [path = '', hash] = href.split('#');
      const target = join(folder, decodeURI(path));
      const inRepository = relative(root, target);
      if (inRepository.startsWith('docs/')) continue;
      const page = pages[inRepository];
      if (page !== undefined) {
        const to = relative(folder, join(docs, page));
        token.attrSet('href', hash === undefined ? to : `${to}#${hash}`);
        continue;
      }
      if (!existsSync(target)) throw new Error(`The link to ${href} leads to no file.`);
      if (repository === undefined) {
        unlinked++;
        rename(token);
      } else token.attrSet('href', `${repository}/blob/main/${inRepository}`);
    }
  }
}

/** Makes a link a plain span. @param {Token} token */
function rename(token) {
  token.tag = 'span';
  token.attrs = null;
  token.type = token.type === 'link_open' ? 'span_open' : 'span_close';
}
