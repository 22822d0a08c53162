import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { en, type BrowserKind, type DeviceProblem, type Texts } from './en.js';
import { INCLUDED_LANGUAGES } from './included-language.js';

type Name = keyof Texts;

const PROBLEMS: readonly DeviceProblem[] = [
  ...(['denied', 'dismissed', 'system', 'policy', 'insecure', 'missing', 'busy'] as const),
  'failed',
];
const BROWSERS: readonly BrowserKind[] = [
  ...(['chromium', 'firefox', 'safari', 'ios', 'android', 'other'] as const),
];
const LEVELS = [0, 1, 2, 3] as const;

/** Texts with a number of things: the number need not appear (`Call deleted`). */
const counted = [
  ...(['more', 'newMissedCalls', 'callsDeleted', 'callsDismissed'] as const),
  ...(['callCount', 'withOtherPeople'] as const),
] as const satisfies readonly Name[];

/** Texts that are selected by their parameter: all results differ. */
const selected: Readonly<Partial<Record<Name, (texts: Texts) => readonly string[]>>> = {
  quality: (texts) => LEVELS.map((level) => texts.quality(level)),
  microphoneProblem: (texts) => PROBLEMS.map((why) => texts.microphoneProblem(why)),
  cameraProblem: (texts) => PROBLEMS.map((why) => texts.cameraProblem(why)),
  noMicrophone: (texts) => PROBLEMS.map((why) => texts.noMicrophone(why)),
  noCamera: (texts) => PROBLEMS.map((why) => texts.noCamera(why)),
  noDevices: (texts) => PROBLEMS.map((why) => texts.noDevices(why)),
  deviceAdvice: (texts) => [
    ...PROBLEMS.slice(1).map((why) => texts.deviceAdvice(why, 'chromium')),
    ...BROWSERS.map((browser) => texts.deviceAdvice('denied', browser)),
  ],
};

/** Texts that are written as in English. */
const sameAsInEnglish: Readonly<Record<string, readonly string[]>> = {
  nl: ['camera'],
};

/** Names of texts whose parameters all appear in the text. */
const withParameters = (Object.keys(en) as Name[]).filter(
  (name) =>
    typeof en[name] === 'function' &&
    !(name in selected) &&
    !(counted as readonly Name[]).includes(name),
);

/** The text with a marker for each parameter. */
function withMarkers(texts: Texts, name: Name): string {
  const text = texts[name] as unknown as (...parameters: readonly string[]) => string;
  const count = (en[name] as unknown as (...parameters: readonly string[]) => string).length;
  return text(...['<A>', '<B>', '<C>'].slice(0, count));
}

const markersIn = (text: string): readonly string[] => (text.match(/<[ABC]>/g) ?? []).sort();

for (const language of INCLUDED_LANGUAGES) {
  describe(`the texts: ${language}`, () => {
    let texts: Texts;
    before(async () => {
      const module = (await import(`./${language}.js`)) as Readonly<Record<string, Texts>>;
      texts = module[language] as Texts;
    });

    it('are complete', () => {
      assert.equal(texts.lang, language);
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(en).sort());
      for (const [name, text] of Object.entries(texts)) {
        const list: readonly unknown[] = Array.isArray(text) ? text : [text];
        for (const one of list) {
          if (typeof one === 'string') assert.match(one, /^\S(.*\S)?$/s, name);
        }
      }
      assert.equal(texts.declineMessages.length, en.declineMessages.length);
    });

    it('contain the parameters of the English texts, each of them once', () => {
      for (const name of withParameters) {
        const text = withMarkers(texts, name);
        assert.deepEqual(markersIn(text), markersIn(withMarkers(en, name)), `${name}: ${text}`);
        assert.ok(markersIn(text).length > 0, `${name} uses no parameter, not even in English`);
        assert.doesNotMatch(text, /undefined|NaN|[#$]\{?/, name);
      }
    });

    it('have a form for each number', () => {
      for (const name of counted) {
        const forms = [2, 3, 5, 11, 21, 22, 100].map((count) => texts[name](count));
        assert.equal(new Set(forms).size, forms.length, name);
        assert.doesNotMatch([texts[name](1), ...forms].join(), /#|NaN|undefined/, name);
        assert.match(texts[name](11), /11/, name);
      }
    });

    it('differ for each value of their parameter', () => {
      for (const [name, values] of Object.entries(selected)) {
        const all = values(texts);
        assert.equal(new Set(all).size, all.length, name);
        for (const text of all) assert.doesNotMatch(text, /undefined|^\s*$/, name);
      }
    });

    // English is the original.
    if (language === 'en') return;
    it('are translated', () => {
      const same = (Object.keys(en) as Name[]).filter((name) => {
        const [own, english] = [texts[name], en[name]];
        return typeof own === 'string' && own === english;
      });
      assert.deepEqual(same, sameAsInEnglish[language] ?? []);
    });
  });
}
