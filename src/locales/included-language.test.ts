import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INCLUDED_LANGUAGES, includedLanguage } from './included-language.js';
import { PLURAL_CATEGORIES, plural } from './plural.js';

describe('the language of a tag', () => {
  for (const [tag, language] of [
    ['pt', 'pt'],
    ['pt-BR', 'pt'],
    ['pt-PT', 'pt'],
    ['pt_BR', 'pt'],
    ['PT-br', 'pt'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-SG', 'zh'],
    ['zh-Hans', 'zh'],
    ['zh-Hans-HK', 'zh'],
    ['zh-cmn-Hans-CN', 'zh'],
    ['zh-Hant', undefined],
    ['zh-TW', undefined],
    ['zh-HK', undefined],
    ['nl-BE', 'nl'],
    ['ko-KR', 'ko'],
    ['uk-UA', 'uk'],
    ['hi-IN', 'hi'],
    ['hi-Latn', undefined],
    ['tr-CY-u-hc-h23', 'tr'],
    ['sw', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['-', undefined],
  ] as const) {
    it(`is ${String(language)} for ${JSON.stringify(tag)}`, () => {
      assert.equal(includedLanguage(tag), language);
    });
  }
});

describe('the plural forms', () => {
  for (const language of INCLUDED_LANGUAGES) {
    it(`are those of the language: ${language}`, () => {
      const rules = new Intl.PluralRules(language);
      const used = new Set(Array.from({ length: 1_000 }, (_, index) => rules.select(index + 1)));
      assert.deepEqual([...used].sort(), [...PLURAL_CATEGORIES[language]].sort());
    });
  }

  it('are selected by the last digits in Slavic languages', () => {
    const forms = plural('pl', { one: '# plik', few: '# pliki', many: '# plików' });
    const texts = [1, 2, 5, 12, 22, 25, 112, 122].map(forms);
    assert.deepEqual(texts, [
      ...['1 plik', '2 pliki', '5 plików', '12 plików', '22 pliki', '25 plików'],
      ...['112 plików', '122 pliki'],
    ]);
    const calls = plural('uk', { one: '# виклик', few: '# виклики', many: '# викликів' });
    assert.deepEqual([1, 11, 21, 24, 30].map(calls), [
      ...['1 виклик', '11 викликів', '21 виклик', '24 виклики', '30 викликів'],
    ]);
  });

  it('have numbers in the format of the language', () => {
    assert.equal(plural('de', { one: '#', other: '#' })(12_345), '12.345');
    assert.equal(plural('en', { one: '#', other: '#' })(12_345), '12,345');
    // In the category of millions, which has no form of its own.
    assert.equal(
      plural('fr', { one: '# an', other: '# ans' })(2_000_000),
      '2\u202f000\u202f000 ans',
    );
  });
});
