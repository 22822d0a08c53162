import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noticeTexts, type NoticeTexts } from './notices.js';

const names = ['missedVoiceFrom', 'missedVideoFrom', 'missedGroupFrom', 'isCalling'] as const;

describe('the words of notifications', () => {
  for (const lang of ['en', 'ar', 'de', 'es', 'fr', 'ja']) {
    it(`are all there: ${lang}`, () => {
      const texts: NoticeTexts = noticeTexts(lang);
      assert.equal(texts.lang, lang);
      for (const text of Object.values(texts)) assert.notEqual(text, '');
      for (const key of names) assert.match(texts[key]('NAME'), /NAME/);
      assert.equal(new Set(names.map((key) => texts[key]('NAME'))).size, names.length);
    });
  }

  it('are found by the first part of a tag, and English for a language they do not speak', () => {
    assert.equal(noticeTexts('de-CH').lang, 'de');
    assert.equal(noticeTexts('FR').lang, 'fr');
    assert.equal(noticeTexts('sw').lang, 'en');
    assert.equal(noticeTexts('').lang, 'en');
  });
});
