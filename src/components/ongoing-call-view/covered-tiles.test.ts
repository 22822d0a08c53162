/// <reference types="mocha" />
import { expect, fixture, html } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { inProvider, type ElementFixture } from '../../../test/support/elements.js';
import { member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineOnce } from '../shared/define-once.js';
import { CoveredTiles, isCovered } from './covered-tiles.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

const COVER = 'position:fixed;inset:0;z-index:9';

/** A call with Ben, in a view at the place where a page puts it. */
async function callWithBen(): Promise<ElementFixture<OngoingCallView>> {
  await setViewport({ width: 900, height: 700 });
  const stage = await inProvider<OngoingCallView>(html`<ongoing-call-view></ongoing-call-view>`);
  Object.assign(stage.provider.style, {
    display: 'block',
    inlineSize: '720px',
    blockSize: '540px',
  });
  await stage.show(
    ongoing({
      members: [
        member(user('ann', 'Ann Berg'), 'accepted', { self: true, microphone: true }),
        member(user('ben', 'Ben Ortiz'), 'accepted', { microphone: true, camera: true }),
      ],
    }),
  );
  return stage;
}

const tileOf = (element: Element): Element => {
  const tile = element.shadowRoot?.querySelector('[data-user=ben]');
  if (!tile) throw new Error('There is no tile of Ben.');
  return tile;
};

/** Adds an element to the page, by default one that covers all of it. */
function put(style: string, parent: ParentNode = document.body, tag = 'div'): HTMLElement {
  const element = document.createElement(tag);
  element.style.cssText = style;
  parent.append(element);
  return element;
}

describe('a tile that the page covers', () => {
  const added: HTMLElement[] = [];
  const add = (...of: Parameters<typeof put>): HTMLElement => {
    const element = put(...of);
    added.push(element);
    return element;
  };

  afterEach(() => {
    for (const element of added.splice(0)) element.remove();
  });

  it('asks for no picture, until it is visible again', async () => {
    const { element, service } = await callWithBen();
    const asked = (): number | undefined => service.pictureSizes.get('ben')?.camera;
    await waitUntil(() => (asked() ?? 0) > 0, 'a picture');
    const cover = add(`${COVER};background:#fff`);
    await waitUntil(() => asked() === 0, 'covered');
    cover.remove();
    await waitUntil(() => (asked() ?? 0) > 0, 'uncovered');
    element.remove();
  });

  it('is not covered by the controls and names of the view', async () => {
    const { element } = await callWithBen();
    expect(isCovered(tileOf(element))).to.equal(false);
  });

  it('is covered by opaque content, also inside a shadow root or an application', async () => {
    const { element } = await callWithBen();
    const tile = tileOf(element);
    const host = add('');
    const inner = put(`${COVER};background:#123`, host.attachShadow({ mode: 'open' }));
    expect(isCovered(tile), 'content of a shadow root').to.equal(true);
    inner.remove();
    const cover = add(`${COVER};background:color-mix(in oklab, red, blue)`);
    put('position:absolute;inset:0', cover);
    expect(isCovered(tile), 'transparent content of opaque content').to.equal(true);
    cover.remove();
    expect(isCovered(tile)).to.equal(false);
  });

  it('is covered inside the shadow root of an application', async () => {
    const application = await fixture<HTMLElement>(html`<div></div>`);
    const root = application.attachShadow({ mode: 'open' });
    const { provider, element } = await callWithBen();
    const home = provider.parentElement;
    root.append(provider);
    await element.updateComplete;
    expect(isCovered(tileOf(element))).to.equal(false);
    const cover = put(`${COVER};background:#fff`, root);
    expect(isCovered(tileOf(element))).to.equal(true);
    cover.remove();
    // Slotted, below content of the shadow root.
    const shell = put('', root);
    const inside = shell.attachShadow({ mode: 'open' });
    put('position:fixed;inset:0;background:#fff', inside); // behind the slotted content
    const slot = document.createElement('slot');
    inside.append(slot);
    provider.style.position = 'relative';
    shell.append(provider);
    await element.updateComplete;
    expect(isCovered(tileOf(element))).to.equal(false);
    put(`${COVER};background:#fff`, inside);
    expect(isCovered(tileOf(element))).to.equal(true);
    home?.append(provider);
  });

  it('is not covered by content that is transparent, or that leaves a part of it visible', async () => {
    const { element } = await callWithBen();
    const tile = tileOf(element);
    for (const style of [
      '',
      'background:rgb(0 0 0 / 0.9)',
      'background:#fff;opacity:0.95',
      'background:#fff;mix-blend-mode:multiply',
      'background:#fff;filter:opacity(0.5)',
      'background:color(srgb 1 1 1 / 0.8)',
      'background:#fff;inset-block-end:60%',
      'background:#fff;z-index:-1',
    ]) {
      const cover = add(`${COVER};${style}`);
      expect(isCovered(tile), style).to.equal(false);
      cover.remove();
    }
  });

  it('is covered by a modal dialog, but not by its transparent backdrop', async () => {
    const { element } = await callWithBen();
    const tile = tileOf(element);
    const dialog = add('', document.body, 'dialog') as HTMLDialogElement;
    dialog.showModal();
    expect(isCovered(tile), 'a small one').to.equal(false);
    dialog.style.cssText =
      'inset:0;inline-size:100%;block-size:100%;max-inline-size:none;max-block-size:none;border:0';
    expect(isCovered(tile), 'one of the size of the page').to.equal(true);
    dialog.close();
    expect(isCovered(tile), 'closed').to.equal(false);
  });

  it('is not covered by what lies behind it while it is inert or takes no pointer events', async () => {
    const { element, provider } = await callWithBen();
    add('position:absolute;inset:0;background:#fff;z-index:-1');
    provider.setAttribute('inert', '');
    expect(isCovered(tileOf(element)), 'inert').to.equal(false);
    provider.removeAttribute('inert');
    provider.style.pointerEvents = 'none';
    expect(isCovered(tileOf(element)), 'no pointer events').to.equal(false);
  });

  it('is not covered outside of the viewport: that is found otherwise', async () => {
    const { element, provider } = await callWithBen();
    Object.assign(provider.style, { position: 'absolute', insetBlockStart: '-2000px' });
    add(`${COVER};background:#fff`);
    expect(isCovered(tileOf(element))).to.equal(false);
  });

  it('is reported only after two checks, and not after it is not watched any more', async () => {
    const { element } = await callWithBen();
    const tile = tileOf(element);
    let changes = 0;
    const covered = new CoveredTiles(() => (changes += 1));
    covered.watch([tile]);
    const cover = add(`${COVER};background:#fff`);
    await waitUntil(() => changes === 1, 'covered');
    expect(covered.has(tile)).to.equal(true);
    cover.remove();
    await waitUntil(() => changes === 2, 'uncovered');
    covered.watch([]);
    expect(covered.has(tile)).to.equal(false);
  });
});
