import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const components = join(root, 'src/components');
const theming = readFileSync(join(root, 'docs/guides/theming.md'), 'utf8');

interface Declaration {
  readonly file: string;
  readonly property: string;
  readonly value: string;
  /** A comment beside or directly above the declaration says why its value is not one of the scales. */
  readonly explained: boolean;
}

/** The declarations of a style sheet. */
function declarationsOf(css: string, file: string): Declaration[] {
  const found = css.matchAll(
    /(\/\*(?:(?!\*\/).)*\*\/)?\s*(?<=[\s{;/])(-{0,2}[a-z_][\w-]*):\s*([^;{}]+);([^\n]*)/gs,
  );
  return [...found].map(([, above, property = '', value = '', rest = '']) => ({
    file,
    property,
    value: value.replace(/\s+/g, ' ').replaceAll(/\( | \)/g, (each) => each.trim()),
    explained: above !== undefined || rest.includes('/*'),
  }));
}

/** The style sheets within a module. */
const sheetsOf = (source: string): string =>
  [...source.matchAll(/\bcss`([^`]*)`/g)].map(([, css]) => css).join('\n');

const declarations = readdirSync(components, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) => {
    const path = join(components, file);
    return declarationsOf(sheetsOf(readFileSync(path, 'utf8')), relative(root, path));
  });

/** The rows of the tables of the guide, by their first cell. */
const rows = new Map(
  [...theming.matchAll(/^\|([^|]+)\|([^|]+)\|/gm)].map(([, first = '', second = '']) => [
    first.trim().replaceAll('`', ''),
    second.trim(),
  ]),
);

/** The values of a scale, in CSS pixels, as the guide says them. */
function scale(name: string): Set<number> {
  const values = (rows.get(name) ?? '').match(/\d+/g) ?? [];
  assert.ok(values.length > 3, `the guide has the scale "${name}"`);
  return new Set(values.map(Number));
}

const space = scale('space');
const type = scale('type');

const isSpace = (property: string): boolean =>
  /^((row-|column-)?gap|(scroll-)?(padding|margin)(-.+)?|inset(-.+)?|--_(gap|margin))$/.test(
    property,
  );

const TOKEN = /^var\(--_(radius(-small|-medium|-full)?|tile-radius|frame)\)$/;

/** What a declaration has beside the scales, or undefined. */
function stray({ property, value }: Declaration): string | undefined {
  if (isSpace(property)) {
    // The standard value of a token is not a space.
    return [...value.replace(/(var\(--[\w-]+), [^)]+/g, '$1').matchAll(/([\d.]+)(px|r?em)/g)].find(
      ([, size, unit]) => Number(size) !== 0 && !(unit === 'px' && space.has(Number(size))),
    )?.[0];
  }
  if (property === 'font-size') {
    return /^(inherit|var\(--_[\w-]+\))$/.test(value) ||
      type.has(Number(/^(\d+)px$/.exec(value)?.[1]))
      ? undefined
      : value;
  }
  if (property === 'font') {
    return [...value.matchAll(/([\d.]+)px/g)].find(([, size]) => !type.has(Number(size)))?.[0];
  }
  if (/^border-(.+-)?radius$/.test(property) || property === '--_frame') {
    const rest = value.replace(/^max\(0px, (.+) - 1px\)$/, '$1');
    return TOKEN.test(rest) || /^(inherit|0(px)?|.* 0(px)?)$/.test(rest) ? undefined : value;
  }
  return undefined;
}

/** Functions and names of colours, and the notation with `#`. */
const COLOUR =
  /#[\da-f]{3,8}\b|\b(rgba?|hsla?|hwb|(ok)?lab|(ok)?lch|color)\(|(?<![\w-])(black|white|gr[ae]y|silver|red|maroon|orange|yellow|olive|lime|green|teal|aqua|cyan|blue|navy|purple|fuchsia|magenta|pink|brown)(?![\w-])/i;

/** A colour that is neither a token nor mixed from one, or undefined. The tokens themselves have such defaults. */
function strayColour({ property, value }: Declaration): string | undefined {
  if (property.startsWith('--_') && value.startsWith('var(--call-')) return undefined;
  // A token may be made darker or lighter.
  const unmixed = value.replace(
    /(color-mix\(in oklab, var\(--_[\w-]+\) [\d.]+%), (black|white)\)/g,
    '$1)',
  );
  return COLOUR.exec(unmixed)?.[0];
}

const format = ({ file, property, value }: Declaration): string => `${file}: ${property}: ${value}`;

test('every corner, font size and space of the style sheets is of its scale, or a comment says why not', () => {
  assert.ok(declarations.length > 900, `finds the declarations: ${declarations.length}`);
  assert.deepEqual(
    declarations.filter((each) => !each.explained && stray(each) !== undefined).map(format),
    [],
  );
});

test('every colour of the style sheets is of a token, or a comment says why not', () => {
  assert.deepEqual(
    declarations.filter((each) => !each.explained && strayColour(each) !== undefined).map(format),
    [],
  );
});

test('values beside the scales are found', () => {
  const invalid = [
    'padding: 8px 14px',
    'gap: 2px',
    'margin-inline: calc(-1 * 10px)',
    'inset: 5px 0 auto',
    'font-size: 13px',
    'font-size: 1em',
    'font: 400 15px/1.4 serif',
    'border-radius: 50%',
    'border-start-start-radius: 16px',
    '--_frame: 34px',
    'color: #fff',
    'color: white',
    'color: gray',
    'color: blue',
    'color: oklab(0.5 0 0)',
    'background: rgb(0 0 0 / 0.5)',
    'background: rgba(0, 0, 0, 0.5)',
    'background: hsla(0, 0%, 0%, 0.5)',
    'background: linear-gradient(transparent, black)',
    'background: color-mix(in oklab, black 50%, white)',
    'border: 1px solid red',
  ];
  const valid = [
    'padding: 8px 16px',
    'gap: 0',
    'margin: 0 auto',
    'inset: max(12px, env(safe-area-inset-top))',
    'font-size: 14px',
    'border-radius: max(0px, var(--_frame) - 1px)',
    '--_frame: 0px',
    'background: color-mix(in oklab, var(--_danger) 88%, black)',
    'color: currentColor',
  ];
  const find = (lines: readonly string[]): string[] =>
    declarationsOf(`a {\n${lines.join(';\n')};\n}`, '')
      .filter((each) => stray(each) !== undefined || strayColour(each) !== undefined)
      .map(({ property, value }) => `${property}: ${value}`);
  assert.deepEqual(find(invalid), invalid);
  assert.deepEqual(find(valid), []);
  assert.deepEqual(
    declarationsOf('a {\n/* Why. */\ngap: 3px;\ngap: 5px; /* why */\ngap: 7px;\n}', '').map(
      ({ explained }) => explained,
    ),
    [true, true, false],
  );
});

test('the guide says the default of every public property', () => {
  const inSources = declarations.flatMap(({ property, value }) => {
    const [, name, standard] = /^var\((--call-[\w-]+), (.+)\)$/.exec(value) ?? [];
    return name && property.startsWith('--_') ? [[name, standard] as const] : [];
  });
  const published = new Map(inSources);
  assert.ok(published.size > 28, `finds the properties: ${published.size}`);
  const guide = [...rows].filter(([name]) => name.startsWith('--call-'));
  assert.deepEqual(guide.map(([name]) => name).sort(), [...published.keys(), '--call-font'].sort());
  // Long ones are said in words.
  const describedInWords = ['--call-font', '--call-shadow'];
  for (const [name, documented] of guide.filter(([name]) => !describedInWords.includes(name))) {
    const standard = published.get(name) ?? '';
    const token = /^var\(--_([\w-]+)\)$/.exec(standard)?.[1];
    const expected = token ? `--call-${token}` : standard.replace(/^light-dark\((.+)\)$/, '$1');
    assert.equal(
      documented.replace(/^`light-dark\((.+)\)`$/, '$1').replaceAll('`', ''),
      expected,
      name,
    );
  }
});
