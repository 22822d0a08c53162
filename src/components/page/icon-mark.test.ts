import { aTimeout, expect } from '@open-wc/testing';
import { IconMark } from './icon-mark.js';

const ICONS =
  '<link rel="icon" href="/a.png" sizes="32x32"><link rel="shortcut icon" href="/b.ico"><link rel="apple-touch-icon" href="/c.png">';

function createIcon(html = ICONS) {
  const page = document.implementation.createHTMLDocument();
  page.head.innerHTML = html;
  const mark = new IconMark({ document: page, later: () => () => {} });
  const hrefs = (): (string | null)[] =>
    [...page.querySelectorAll('link')].map((link) => link.getAttribute('href'));
  return { page, mark, hrefs };
}

describe('IconMark', () => {
  it('marks every icon, changes the mark, and restores them', () => {
    const { page, mark, hrefs } = createIcon();
    mark.set('data:bell');
    expect(hrefs()).to.deep.equal(['data:bell', 'data:bell', '/c.png']);
    mark.set('data:call');
    expect(hrefs()).to.deep.equal(['data:call', 'data:call', '/c.png']);
    mark.set('');
    expect(page.head.innerHTML).to.equal(ICONS);
  });

  it('adds an icon to a page without one, and removes it', () => {
    const { page, mark, hrefs } = createIcon('');
    mark.set('data:bell');
    mark.set('data:call');
    expect(hrefs()).to.deep.equal(['data:call']);
    mark.set('');
    expect(page.head.innerHTML).to.equal('');
  });

  it('marks and restores an icon that the page changes or adds meanwhile', async () => {
    const { page, mark, hrefs } = createIcon();
    mark.set('data:call');
    page.querySelector('link')!.setAttribute('href', '/new.png');
    await aTimeout(0);
    expect(hrefs()).to.deep.equal(['data:call', 'data:call', '/c.png']);
    page.head.insertAdjacentHTML('beforeend', '<link rel="icon" href="/d.png">');
    mark.set('');
    expect(hrefs()).to.deep.equal(['/new.png', '/b.ico', '/c.png', '/d.png']);
  });

  it('removes its own icon when the page adds one', async () => {
    const { page, mark, hrefs } = createIcon('');
    mark.set('data:call');
    page.head.insertAdjacentHTML('beforeend', '<link rel="icon" href="/d.png">');
    await aTimeout(0);
    expect(hrefs()).to.deep.equal(['data:call']);
    mark.set('');
    expect(page.head.innerHTML).to.equal('<link rel="icon" href="/d.png">');
  });
});
