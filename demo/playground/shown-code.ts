import type { CallConfig } from '../../src/core/index.js';
import type { PlaygroundElement } from './catalogue.js';

/** Escapes the value of an attribute in single quotes. */
const quoted = (value: string): string => value.replaceAll('&', '&amp;').replaceAll("'", '&#39;');

const attribute = ([name, value]: readonly [string, string]): string =>
  value === ''
    ? ` ${name}`
    : ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;

export interface Shown {
  readonly element: PlaygroundElement;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Record<string, string>>;
  readonly config: CallConfig;
  readonly lang: string;
  readonly scheme: string;
}

/** The HTML of a page that shows the element as in the playground. */
export function shownCode({ element, attributes, tokens, config, lang, scheme }: Shown): string {
  const { tag, content, internal } = element;
  const providerAttributes = [
    ['user-id', 'ann'] as const,
    ...(lang === 'en' ? [] : [['lang', lang] as const]),
  ].map(attribute);
  if (Object.keys(config).length > 0) {
    providerAttributes.push(` config='${quoted(JSON.stringify(config))}'`);
  }
  const own = Object.entries(attributes).map(attribute).join('');
  const slot = tag === 'invite-to-call-button' ? ' slot="invite"' : '';
  const child = internal
    ? '<!-- The provider shows this element by itself. -->'
    : `<${tag}${slot}${own}>${content ?? ''}</${tag}>`;
  const lines = [
    `<call-invitation-provider${providerAttributes.join('')}>`,
    `  ${child}`,
    '</call-invitation-provider>',
  ];
  const style = Object.entries(tokens).map(([name, value]) => `    ${name}: ${value};`);
  if (scheme) style.unshift(`    color-scheme: ${scheme};`);
  if (style.length > 0) {
    lines.push('', '<style>', '  call-invitation-provider {', ...style, '  }', '</style>');
  }
  return lines.join('\n');
}
