import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INCLUDED_LANGUAGES } from './included-language.js';
import { incomingCallText } from './notification-text.js';
import { noticeTexts, type NoticeTexts } from './notices.js';

const names = ['missedVoiceFrom', 'missedVideoFrom', 'missedGroupFrom', 'isCalling'] as const;

describe('the texts of notifications', () => {
  for (const lang of INCLUDED_LANGUAGES) {
    it(`are complete in ${lang}`, () => {
      const texts: NoticeTexts = noticeTexts(lang);
      assert.equal(texts.lang, lang);
      for (const text of Object.values(texts)) assert.notEqual(text, '');
      for (const key of names) assert.match(texts[key]('NAME'), /NAME/);
      assert.equal(new Set(names.map((key) => texts[key]('NAME'))).size, names.length);
    });
  }

  it("of an incoming call can be the caller's, but always name the caller", () => {
    const call = {
      caller: { userName: 'Ann' },
      ...{ callType: 'video' as const, group: false },
    };
    const texts = noticeTexts('en');
    const of = (own: object) => {
      const { title, body } = incomingCallText(call, texts, own);
      return [title, body];
    };
    assert.deepEqual(of({}), ['Ann is calling', 'Video call']);
    assert.deepEqual(of({ message: 'Your ticket' }), ['Ann is calling', 'Your ticket']);
    assert.deepEqual(of({ title: 'Support' }), ['Support', '\u2068Ann\u2069: Video call']);
    assert.deepEqual(of({ title: 'Support', message: 'Your ticket' }), [
      ...['Support', '\u2068Ann\u2069: Your ticket'],
    ]);
  });

  it('are selected by the language and script of a tag, and English for other languages', () => {
    assert.equal(noticeTexts('de-CH').lang, 'de');
    assert.equal(noticeTexts('FR').lang, 'fr');
    assert.equal(noticeTexts('zh-CN').lang, 'zh');
    assert.equal(noticeTexts('zh-TW').lang, 'en');
    assert.equal(noticeTexts('sw').lang, 'en');
    assert.equal(noticeTexts('').lang, 'en');
  });
});
