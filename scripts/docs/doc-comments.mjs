/** Text of comments as Markdown of the site. */

/**
 * Inline tags become code, and HTML in the text is escaped.
 * @param {string} text
 */
export const toMarkdown = (text) =>
  text
    .replaceAll(/\{@link\s+([^}|\s]+)(?:[|\s]+([^}]*))?\}/g, (_, target, label) =>
      label ? String(label).trim() : `\`${target}\``,
    )
    .split(/(```[^]*?```|`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;{'),
    )
    .join('');

/** Text in a cell of a table: one line, without column separators. @param {string} text */
export const toCell = (text) =>
  toMarkdown(text).replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();

/** Code in a cell of a table. @param {string} code */
export const codeCell = (code) =>
  code === ''
    ? ''
    : `<code v-pre>${escapeHtml(code.replaceAll(/\s+/g, ' ')).replaceAll('|', '&#124;')}</code>`;

/** @param {string} text */
const escapeHtml = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * A Markdown table; empty without rows.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  if (rows.length === 0) return '';
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
