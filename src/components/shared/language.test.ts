import { expect, fixture, html } from '@open-wc/testing';
import { ar } from '../../locales/ar.js';
import { de } from '../../locales/de.js';
import { en, type Texts } from '../../locales/en.js';
import { includedLanguage } from '../../locales/included-language.js';
import { lazyPart } from '../../core/loading/lazy-part.js';
import { directionOf, directionOfNames, listNames, textsFor } from './language.js';
import { waitUntil } from '../../../test/support/wait-until.js';

const silent = { onLoad: () => {}, onFailure: () => {} };

/** A timer for tests: delays of up to a second run immediately; longer timeouts never fire. */
function later(ms: number, run: () => void): () => void {
  if (ms <= 2_000) queueMicrotask(run);
  return () => {};
}

describe('the texts', () => {
  it('follow the nearest lang attribute, also outside of a shadow root', async () => {
    const place = await fixture(html`<div lang="de-CH"><div></div></div>`);
    const inner = place.firstElementChild!;
    const element = document.createElement('p');
    inner.attachShadow({ mode: 'open' }).append(element);
    let loads = 0;
    // Other tests of this page may have loaded German.
    const parts = { de: lazyPart('a language', () => Promise.resolve({ de }), 'de') };
    const events = { onLoad: () => loads++, onFailure: () => expect.fail('not loaded') };
    expect(textsFor(element, null, events, parts).accept).to.equal('Accept');
    await waitUntil(() => loads === 1);
    expect(textsFor(element, null, events, parts).accept).to.equal('Annehmen');
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

  it('follow the script and not the region of the tag', async () => {
    const texts = async (lang: string): Promise<string> => {
      const element = await fixture(html`<p lang=${lang}></p>`);
      if (includedLanguage(lang))
        await waitUntil(() => textsFor(element, null, silent).lang !== 'en');
      return textsFor(element, null, silent).accept;
    };
    const tags = ['pt-BR', 'pt-PT', 'zh-CN', 'zh-Hans', 'zh-SG', 'zh-TW', 'uk-UA'];
    const accept = ['Atender', 'Atender', '接听', '接听', '接听', 'Accept', 'Прийняти'];
    expect(await Promise.all(tags.map(texts))).to.deep.equal(accept);
  });

  it('run from right to left in Arabic', () => {
    expect([ar, de, en].map(directionOf)).to.deep.equal(['rtl', 'ltr', 'ltr']);
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

  it('isolate names in the other direction, and only those lists', () => {
    expect(listNames(['ليلى', 'Bo'], en)).to.equal('\u2068ليلى\u2069 and \u2068Bo\u2069');
    expect(listNames(['נועה', 'ليلى'], ar)).to.equal('נועה وليلى');
    expect(listNames(['Ann', 'ليلى'], ar)).to.equal('\u2068Ann\u2069 و\u2068ليلى\u2069');
    expect(listNames(['ليلى'], en)).to.equal('ليلى');
  });
});
