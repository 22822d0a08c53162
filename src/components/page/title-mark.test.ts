import { aTimeout, expect } from '@open-wc/testing';
import { TitleMark } from './title-mark.js';

function createTitle(html = '<title>Shop</title>') {
  const page = document.implementation.createHTMLDocument();
  page.head.innerHTML = html;
  const timers: (() => void)[] = [];
  const mark = new TitleMark({
    document: page,
    later: (run) => {
      timers.push(run);
      return () => void timers.splice(timers.indexOf(run), 1);
    },
  });
  return {
    ...{ page, mark, timers },
    /** A second passes. */
    tick: () => {
      for (const run of timers.splice(0)) run();
    },
  };
}

describe('TitleMark', () => {
  it('marks the title, changes the mark, and restores the exact title', () => {
    const { page, mark } = createTitle('<title> Shop\n  of Ann </title>');
    const own = page.head.innerHTML;
    mark.set('Bell: ');
    expect(page.title).to.equal('Bell: Shop of Ann');
    mark.set('Call: ');
    expect(page.title).to.equal('Call: Shop of Ann');
    mark.set('');
    expect(page.head.innerHTML).to.equal(own);
  });

  it('leaves a page without a title without one', () => {
    const { page, mark } = createTitle('');
    mark.set('Call: ');
    expect(page.title).to.equal('Call:');
    mark.set('');
    expect(page.head.innerHTML).to.equal('');
  });

  it('marks a title that the page sets meanwhile, and restores that one', async () => {
    const { page, mark } = createTitle();
    mark.set('Call: ');
    page.title = 'Basket';
    await aTimeout(0);
    expect(page.title).to.equal('Call: Basket');
    mark.set('');
    expect(page.title).to.equal('Basket');
  });

  it('restores a title that the page has derived from the marked one', async () => {
    const { page, mark } = createTitle();
    mark.set('Call: ');
    page.title = `(1) ${page.title}`;
    await aTimeout(0);
    expect(page.title).to.equal('Call: (1) Shop');
    page.title = `(2) ${page.title}`;
    mark.set('');
    expect(page.title).to.equal('(2) (1) Shop');
  });

  it('restores a title element that the page has replaced', async () => {
    const { page, mark } = createTitle();
    mark.set('Call: ');
    page.head.innerHTML = '<title>Basket</title>';
    await aTimeout(0);
    expect(page.title).to.equal('Call: Basket');
    mark.set('');
    expect(page.head.innerHTML).to.equal('<title>Basket</title>');
  });

  it('marks at most once a second while a script of the page answers each mark', async () => {
    const { page, mark, tick, timers } = createTitle();
    let marked = 0;
    new MutationObserver(() => {
      if (!page.title.startsWith('Call')) return;
      marked++;
      page.title = 'Mine';
    }).observe(page.head, { childList: true, subtree: true });
    mark.set('Call: ');
    await aTimeout(0);
    expect(marked).to.equal(2);
    expect(timers).to.have.length(1);
    tick();
    await aTimeout(0);
    expect(marked).to.equal(3);
    mark.set('');
    expect(page.title).to.equal('Mine');
    expect(timers).to.have.length(0);
  });

  it('does nothing after it was removed', async () => {
    const { page, mark } = createTitle();
    mark.set('Call: ');
    mark.set('');
    page.title = 'Basket';
    await aTimeout(0);
    expect(page.title).to.equal('Basket');
  });
});
