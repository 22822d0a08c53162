import { codeCell, table, toCell, toMarkdown } from './doc-comments.mjs';

/**
 * What this module uses of the Custom Elements Manifest.
 * @typedef {{ text: string }} Type
 * @typedef {{ name: string, kind?: string, fieldName?: string, description?: string, summary?: string, type?: Type, default?: string, attribute?: string, readonly?: boolean, static?: boolean, parameters?: { name: string, type?: Type }[], return?: { type?: Type } }} Entry
 * @typedef {{ name: string, tagName?: string, description?: string, summary?: string, members?: Entry[], attributes?: Entry[], events?: Entry[], slots?: Entry[], cssParts?: Entry[], cssProperties?: Entry[], cssStates?: Entry[] }} Declaration
 * @typedef {{ modules: { declarations: Declaration[] }[] }} Manifest
 */

/** @param {Entry} entry */
const description = (entry) => toCell(entry.description ?? entry.summary ?? '');

/** The names of values that types of the manifest refer to. @param {Type | undefined} type */
const typeOf = (type) => codeCell(type?.text ?? '');

/** A section with a table; empty without rows. @param {string} title @param {string} content */
const section = (title, content) => (content === '' ? '' : `## ${title}\n\n${content}\n`);

/**
 * The page of each element.
 * @param {Manifest} manifest
 * @returns {{ name: string, text: string }[]}
 */
export function elementPages(manifest) {
  return manifest.modules
    .flatMap(({ declarations }) => declarations)
    .flatMap((element) =>
      element.tagName === undefined
        ? []
        : [{ name: element.tagName, text: elementPage(element, element.tagName) }],
    );
}

/** @param {Declaration} element @param {string} tag */
function elementPage(element, tag) {
  const { members = [], events = [], slots = [], cssParts = [], cssProperties = [] } = element;
  const fields = members.filter((each) => each.kind === 'field' && each.static !== true);
  const methods = members.filter((each) => each.kind === 'method' && each.static !== true);
  const simple = (/** @type {Entry[]} */ entries) =>
    table(
      ['name', 'meaning'],
      entries.map((each) => [
        codeCell(each.name === '' ? '(default)' : each.name),
        description(each),
      ]),
    );
  return [
    `# &lt;${tag}&gt;\n`,
    `${toMarkdown(element.description ?? element.summary ?? '')}\n`,
    `Class \`${element.name}\` of \`ringkit\`; \`import 'ringkit/define/${tag}'\` registers it.\n`,
    section(
      'Properties and attributes',
      table(
        ['property', 'attribute', 'type', 'default', 'meaning'],
        fields.map((each) => [
          codeCell(each.name) + (each.readonly === true ? ' (read-only)' : ''),
          codeCell(each.attribute ?? ''),
          typeOf(each.type),
          codeCell(each.default ?? ''),
          description(each),
        ]),
      ),
    ),
    section(
      'Methods',
      table(
        ['method', 'meaning'],
        methods.map((each) => [
          codeCell(`${each.name}(${(each.parameters ?? []).map(({ name }) => name).join(', ')})`),
          description(each),
        ]),
      ),
    ),
    section(
      'Events',
      table(
        ['event', 'type', 'meaning'],
        events
          .filter(({ name }) => name)
          .map((each) => [codeCell(each.name), typeOf(each.type), description(each)]),
      ),
    ),
    section('Slots', simple(slots)),
    section('Parts', simple(cssParts)),
    section('Style properties', simple(cssProperties)),
    section('States', simple(element.cssStates ?? [])),
  ]
    .filter(Boolean)
    .join('\n');
}
