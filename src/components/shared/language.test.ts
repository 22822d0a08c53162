import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { ar } from '../../locales/ar.js';
import { de } from '../../locales/de.js';
import { en, type Texts } from '../../locales/en.js';
import { es } from '../../locales/es.js';
import { fr } from '../../locales/fr.js';
import { ja } from '../../locales/ja.js';
import { lazyPart } from '../../core/loading/lazy-part.js';
import { directionOf, directionOfNames, listNames, textsFor } from './language.js';

const silent = { onLoad: () => {}, onFailure: () => {} };
const all: Texts[] = [en, ar, de, es, fr, ja];

/** A timer for tests: delays of up to a second run immediately; longer timeouts never fire. */
function later(ms: number, run: () => void): () => void {
  if (ms <= 2_000) queueMicrotask(run);
  return () => {};
}

const PROBLEMS = [
  ...(['denied', 'dismissed', 'system', 'policy', 'insecure', 'missing', 'busy'] as const),
  'failed',
] as const;
const BROWSERS = ['chromium', 'firefox', 'safari', 'ios', 'android', 'other'] as const;

describe('the texts', () => {
  for (const texts of all) {
    it(`are complete: ${texts.lang}`, () => {
      expect(Object.keys(texts).sort()).to.deep.equal(Object.keys(en).sort());
      for (const text of Object.values(texts)) {
        if (typeof text === 'string') expect(text).not.to.equal('');
      }
      expect(texts.withOthers('NAMES')).to.contain('NAMES');
      expect(texts.isCalling('NAME')).to.contain('NAME');
      expect(texts.callWith('NAMES')).to.contain('NAMES');
      expect(texts.notReached('NAMES')).to.contain('NAMES');
      expect(texts.sharesScreen('NAME')).to.contain('NAME');
      expect(texts.device(7)).to.contain('7');
      expect(texts.enlarge('NAME')).to.contain('NAME');
      expect(texts.cancelInvitation('NAME')).to.contain('NAME');
      expect(texts.callBack('NAME')).to.contain('NAME');
      expect(texts.joinGroupCall('NAME')).to.contain('NAME');
      expect(texts.dismiss('NAME')).to.contain('NAME');
      const news = [1, 2, 3, 11, 100].map(texts.newMissedCalls);
      expect(new Set(news)).to.have.length(5);
      expect(texts.tooManyMembers(8)).to.contain('8');
      const counts = [1, 2, 3, 11, 100].map(texts.more);
      expect(new Set(counts)).to.have.length(5);
      const levels = ([0, 1, 2, 3] as const).map(texts.quality);
      expect(new Set(levels)).to.have.length(4);
      const why = PROBLEMS.flatMap((problem) => [
        texts.microphoneProblem(problem),
        texts.cameraProblem(problem),
        texts.noMicrophone(problem),
        texts.noCamera(problem),
        texts.noDevices(problem),
      ]);
      expect(new Set(why)).to.have.length(5 * PROBLEMS.length);
      const advice = PROBLEMS.map((problem) => texts.deviceAdvice(problem, 'chromium'));
      expect(new Set(advice)).to.have.length(PROBLEMS.length);
      const allow = BROWSERS.map((browser) => texts.deviceAdvice('denied', browser));
      expect(new Set(allow)).to.have.length(BROWSERS.length);
      expect(texts.deviceReplaced('OLD', 'NEW')).to.match(/OLD.*NEW/);
      expect(texts.deviceReturned('NAME')).to.contain('NAME');
    });
  }

  it('follow the nearest lang attribute, also outside of a shadow root', async () => {
    const place = await fixture(html`<div lang="de-CH"><div></div></div>`);
    const inner = place.firstElementChild!;
    const element = document.createElement('p');
    inner.attachShadow({ mode: 'open' }).append(element);
    let loads = 0;
    const events = { onLoad: () => loads++, onFailure: () => expect.fail('not loaded') };
    expect(textsFor(element, null, events).accept).to.equal('Accept');
    await waitUntil(() => loads === 1);
    expect(textsFor(element, null, events).accept).to.equal('Annehmen');
    expect(loads).to.equal(1);
  });

  it('follow the browser without a lang attribute, and are English for an unsupported language', async () => {
    expect(navigator.language).to.match(/^en/);
    const nowhere = await fixture(html`<p lang=""></p>`);
    const swahili = await fixture(html`<p lang="sw"></p>`);
    for (const element of [nowhere, swahili]) {
      expect(textsFor(element, null, silent).lang).to.equal('en');
    }
  });

  it('stay English if loading fails: requested once, reported once, without a render', async () => {
    const element = await fixture(html`<p lang="xx"></p>`);
    let asked = 0;
    const error = new TypeError('Failed to fetch');
    const importOnce = (): Promise<{ xx: Texts }> => {
      asked += 1;
      return Promise.reject(error);
    };
    // All attempts run immediately.
    const clock = { now: () => 0, after: (ms: number, run: () => void) => later(ms, run) };
    const parts = { xx: lazyPart('a language', importOnce, 'xx', { clock }) };
    const failures: unknown[] = [];
    let renders = 0;
    // Like an element: it renders when its texts are loaded.
    const render = (): void => {
      renders += 1;
      const events = { onLoad: render, onFailure: (fault: unknown) => failures.push(fault) };
      expect(textsFor(element, null, events, parts).accept).to.equal('Accept');
    };
    render();
    render();
    await waitUntil(() => failures.length);
    for (let index = 0; index < 20; index++) render();
    await new Promise((resolve) => setTimeout(resolve));
    expect([asked, failures.length, renders]).to.deep.equal([4, 1, 22]);
  });

  it('are overridden by the texts of the page', async () => {
    const element = await fixture(html`<p lang="en"></p>`);
    expect(textsFor(element, { accept: 'Yes' }, silent).accept).to.equal('Yes');
  });

  it('run from right to left only in Arabic', () => {
    expect(all.filter((texts) => directionOf(texts) === 'rtl')).to.deep.equal([ar]);
  });

  it('set the direction of a list of names; a single name follows its own script', () => {
    expect(directionOfNames(1, ar)).to.equal('auto');
    expect(directionOfNames(3, ar)).to.equal('rtl');
    expect(directionOfNames(2, de)).to.equal('ltr');
  });

  it('list names in the style of the language, and count the remaining ones', () => {
    expect(listNames(['Ann'], en)).to.equal('Ann');
    expect(listNames(['Ann', 'Bo', 'Cy'], en)).to.equal('Ann, Bo, and Cy');
    expect(listNames(['Ann', 'Bo', 'Cy', 'Di'], en)).to.equal('Ann, Bo, and 2 more');
    expect(listNames(['Ann', 'Bo'], de)).to.equal('Ann und Bo');
  });
});
