import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { button, inProvider } from '../../../test/support/elements.js';
import { missed } from '../../../test/support/fake-service.js';
import { MissedCallList } from '../missed-call-list/missed-call-list.js';
import type { CallIcon, CallIcons } from './call-icons.js';
import { defineOnce } from './define-once.js';
import { DeveloperWarnings } from './developer-warnings.js';
import { icon, replacedIcon } from './icons.js';
import { X } from './lucide/x.js';

defineOnce('missed-call-list', MissedCallList);

const pathsIn = (root: ParentNode): readonly (string | null)[] =>
  [...root.querySelectorAll('path')].map((path) => path.getAttribute('d'));
const defaults = ['M18 6 6 18', 'm6 6 12 12'];

describe('icons', () => {
  it('are those of the kit, outside of a provider too', () => {
    const place = document.createElement('div');
    render(icon(X, 'wide'), place);
    expect(pathsIn(place)).to.deep.equal(defaults);
    const svg = place.querySelector('svg');
    expect(svg?.getAttribute('aria-hidden')).to.equal('true');
    expect(svg?.classList.contains('wide')).to.equal(true);
  });

  it('are replaced by those of the provider, also later, and restored', async () => {
    const { element, provider } = await inProvider<MissedCallList>(
      html`<missed-call-list></missed-call-list>`,
      ({ service }) => service.$missedCalls.set([missed('1')]),
    );
    const use = async (icons: CallIcons | null) => {
      provider.icons = icons;
      provider.renew();
      await element.updateComplete;
      return button(element, 'dismiss-button').querySelector('svg')!;
    };
    const drawn = await use({ x: { paths: ['M1 1h2'], viewBox: '0 0 4 4', filled: true } });
    expect(pathsIn(drawn)).to.deep.equal(['M1 1h2']);
    expect(drawn.getAttribute('viewBox')).to.equal('0 0 4 4');
    const style = getComputedStyle(drawn);
    expect(style.stroke).to.equal('none');
    expect(style.fill).to.equal(style.color);
    const size = drawn.getBoundingClientRect().width;
    // Icons with other names stay.
    expect(pathsIn(button(element, 'dial-back-button'))).not.to.deep.equal(['M1 1h2']);
    const lines = await use({ x: { paths: ['M2 2h4', 'M2 6h4'] } });
    expect(pathsIn(lines)).to.deep.equal(['M2 2h4', 'M2 6h4']);
    expect(lines.getAttribute('viewBox')).to.equal('0 0 24 24');
    expect(getComputedStyle(lines).fill).to.equal('none');
    expect(lines.getBoundingClientRect().width).to.equal(size);
    expect(pathsIn(await use(null))).to.deep.equal(defaults);
  });

  it('are those of the kit if those of the page have no array of paths, with one warning', () => {
    const texts: unknown[] = [];
    const warnings = new DeveloperWarnings((text) => texts.push(text));
    const place = document.createElement('div');
    for (const paths of [undefined, null, 'M1 1h2', [3]]) {
      render(replacedIcon(X, { paths } as unknown as CallIcon, '', warnings), place);
      expect(pathsIn(place)).to.deep.equal(defaults);
    }
    expect(texts).to.deep.equal([
      'ringkit: the icon "x" of the page is not used: its "paths" must be an array of strings.',
    ]);
  });

  it('contain no markup of the page', async () => {
    const { element } = await inProvider<MissedCallList>(
      html`<missed-call-list></missed-call-list>`,
      (provider) => {
        provider.icons = { x: { paths: ['"><img src=x onerror=alert(1)>'] } };
        provider.service.$missedCalls.set([missed('1')]);
      },
    );
    expect(element.shadowRoot?.querySelector('img')).to.equal(null);
  });
});
