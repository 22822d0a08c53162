/** The languages of the texts, and the script in which they are written. English is the fallback for all others. */
const SCRIPTS = {
  ar: 'Arab',
  de: 'Latn',
  en: 'Latn',
  es: 'Latn',
  fr: 'Latn',
  hi: 'Deva',
  it: 'Latn',
  ja: 'Jpan',
  ko: 'Kore',
  nl: 'Latn',
  pl: 'Latn',
  pt: 'Latn',
  tr: 'Latn',
  uk: 'Cyrl',
  zh: 'Hans',
} as const;

export type IncludedLanguage = keyof typeof SCRIPTS;

export const INCLUDED_LANGUAGES = Object.keys(SCRIPTS) as readonly IncludedLanguage[];

const isIncluded = (language: string): language is IncludedLanguage =>
  Object.hasOwn(SCRIPTS, language);

/**
 * The language whose texts a page gets. Regions do not matter: `pt-BR` and `pt-PT` are `pt`. Scripts do: `zh-CN`, `zh-SG` and
 * `zh-Hans-HK` are `zh`, but `zh-TW` and `zh-Hant` are written in other characters.
 * @param tag BCP 47 tag; an underscore is accepted as a hyphen
 * @returns undefined if the language is not included
 */
export function includedLanguage(tag: string): IncludedLanguage | undefined {
  try {
    const { language, script = '' } = new Intl.Locale(tag.replaceAll('_', '-')).maximize();
    if (!isIncluded(language)) return undefined;
    return SCRIPTS[language] === script ? language : undefined;
  } catch {
    // Browsers do not accept this tag, such as `de-x` or an empty one. Its first part may name a language nevertheless.
    const primary = tag.toLowerCase().split(/[-_]/, 1)[0] ?? '';
    return isIncluded(primary) ? primary : undefined;
  }
}
