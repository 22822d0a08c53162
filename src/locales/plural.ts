import type { IncludedLanguage } from './included-language.js';

/**
 * The plural categories (CLDR) that each language has for whole numbers from 1 to 1,000. A test compares them with
 * `Intl.PluralRules`.
 */
export const PLURAL_CATEGORIES = {
  ar: ['one', 'two', 'few', 'many', 'other'],
  de: ['one', 'other'],
  en: ['one', 'other'],
  es: ['one', 'other'],
  fr: ['one', 'other'],
  hi: ['one', 'other'],
  it: ['one', 'other'],
  ja: ['other'],
  ko: ['other'],
  nl: ['one', 'other'],
  pl: ['one', 'few', 'many'],
  pt: ['one', 'other'],
  tr: ['one', 'other'],
  uk: ['one', 'few', 'many'],
  zh: ['other'],
} as const satisfies Readonly<Record<IncludedLanguage, readonly Intl.LDMLPluralRule[]>>;

/** One text for each plural category of a language. `#` stands for the number. */
type PluralForms<L extends IncludedLanguage> = Readonly<
  Record<(typeof PLURAL_CATEGORIES)[L][number], string>
>;

/** @returns the text for a number of at least 1, which is written as the language does */
export function plural<L extends IncludedLanguage>(
  language: L,
  forms: PluralForms<L>,
): (count: number) => string {
  const texts: Partial<Record<Intl.LDMLPluralRule, string>> = forms;
  // Categories of other numbers, such as fractions and millions, have no form of their own here.
  const fallback = texts.other ?? texts.many ?? '#';
  return (count) => {
    const text = texts[new Intl.PluralRules(language).select(count)] ?? fallback;
    return text.replace('#', new Intl.NumberFormat(language).format(count));
  };
}
