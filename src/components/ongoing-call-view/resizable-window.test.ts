import { expect, html } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { dragAndDrop } from '../../../test/support/drag.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import { expectAccessible, expectInViewport, inProvider } from '../../../test/support/elements.js';
import { incoming, ongoing, outgoing } from '../../../test/support/fake-service.js';
import { defineOnce } from '../shared/define-once.js';
import { placeMemory } from '../shared/view-place.js';
import { OutgoingCallDialog } from '../outgoing-call-dialog/outgoing-call-dialog.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);
defineOnce('outgoing-call-dialog', OutgoingCallDialog);

/** The window of a video call of two. */
async function callWindow(dir = 'ltr') {
  document.documentElement.dir = dir;
  const fixture = await inProvider<OngoingCallView>(
    html`<ongoing-call-view in-layer></ongoing-call-view>`,
  );
  const { element, show } = fixture;
  await show(ongoing({ callType: 'video' }));
  const part = (selector: string): HTMLElement =>
    element.shadowRoot!.querySelector<HTMLElement>(selector)!;
  const box = (): DOMRect => element.getBoundingClientRect();
  return { ...fixture, part, box, handle: part('.resize'), grip: part('.handles .grip') };
}
type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;
const edges = ({ left, top, right, bottom }: Box): number[] =>
  [left, top, right, bottom].map(Math.round);

describe('the window of a call', () => {
  beforeEach(async () => {
    forgetPlaces();
    await setViewport({ width: 1200, height: 800 });
  });
  afterEach(async () => {
    document.documentElement.dir = '';
    await setViewport({ width: 800, height: 600 });
  });

  it('is at the bottom of the inline end until it is moved', async () => {
    const { box, element, handle } = await callWindow();
    expect(edges(box())).to.deep.equal([460, 240, 1180, 780]);
    expect(handle.className).to.equal('resize sw');
    element.remove();
    const rtl = await callWindow('rtl');
    expect(edges(rtl.box())).to.deep.equal([20, 240, 740, 780]);
    expect(rtl.handle.className).to.equal('resize se');
  });

  it('is moved by its top bar, but not by the buttons in it, and stays inside the viewport', async () => {
    const { box, part } = await callWindow();
    await dragAndDrop(part('.minimise'), -100, -100);
    expect(box().left).to.equal(460);
    await dragAndDrop(part('.top .who'), -200, -150);
    expect(edges(box())).to.deep.equal([260, 90, 980, 630]);
    await dragAndDrop(part('.grip'), -2_000, -2_000);
    expect(edges(box())).to.deep.equal([20, 20, 740, 560]);
    await dragAndDrop(part('.centre, .tiles'), 300, 100);
    expect(box().left, 'the content does not move it').to.equal(20);
    await dragAndDrop(part('.grip'), 2_000, 2_000);
    expectInViewport(box());
    for (const size of [
      { width: 700, height: 560 },
      { width: 390, height: 844 },
      { width: 844, height: 390 },
      { width: 320, height: 256 },
    ]) {
      await setViewport(size);
      expectInViewport(box());
    }
  });

  it('is moved by a button: to the next corner at each press, and in steps with the arrow keys', async () => {
    const { box, grip, element } = await callWindow();
    expect(grip.getAttribute('aria-label')).to.equal('Move');
    expect(grip.getAttribute('aria-description')).to.match(/arrow keys/);
    const corners: number[][] = [];
    for (let press = 0; press < 4; press++) {
      grip.click();
      corners.push([box().left, box().top]);
    }
    expect(corners).to.deep.equal([
      [20, 240],
      [20, 20],
      [460, 20],
      [460, 240],
    ]);
    grip.focus();
    for (const press of ['ArrowLeft', 'ArrowUp', 'Shift+ArrowUp']) await sendKeys({ press });
    expect(box().left).to.be.closeTo(436, 0.5);
    expect(box().top).to.be.closeTo(120, 0.5);
    await element.updateComplete;
    expect(element.shadowRoot!.activeElement).to.equal(grip);
  });

  it('is resized by its edges and corners; the other edges stay', async () => {
    const { box, part } = await callWindow();
    await dragAndDrop(part('.edge.w'), -140, 0);
    expect(edges(box())).to.deep.equal([320, 240, 1180, 780]);
    await dragAndDrop(part('.edge.n'), 0, 100);
    expect(edges(box())).to.deep.equal([320, 340, 1180, 780]);
    await dragAndDrop(part('.edge.ne'), -80, -40);
    expect(edges(box())).to.deep.equal([320, 300, 1100, 780]);
    await dragAndDrop(part('.edge.sw'), 100, -60);
    expect(edges(box())).to.deep.equal([420, 300, 1100, 720]);
  });

  it('has a smallest and a largest size', async () => {
    const { box, part } = await callWindow();
    await dragAndDrop(part('.edge.nw'), 2_000, 2_000);
    expect(edges(box())).to.deep.equal([820, 460, 1180, 780]);
    await dragAndDrop(part('.edge.nw'), -2_000, -2_000);
    expect(edges(box())).to.deep.equal([20, 20, 1180, 780]);
  });

  it('is resized by a button: largest, smallest and standard size, and in steps with the arrow keys', async () => {
    const { box, handle, element } = await callWindow();
    expect(handle.getAttribute('aria-label')).to.equal('Resize');
    expect(handle.getAttribute('aria-description')).to.match(/arrow keys/);
    const sizes: number[][] = [];
    for (let press = 0; press < 3; press++) {
      handle.click();
      sizes.push([box().width, box().height]);
      expectInViewport(box());
    }
    expect(sizes).to.deep.equal([
      [1160, 760],
      [360, 320],
      [720, 540],
    ]);
    handle.focus();
    for (const press of ['ArrowRight', 'Shift+ArrowDown', 'ArrowUp']) await sendKeys({ press });
    // At the lower right corner, it grows to the other sides.
    expect(edges(box())).to.deep.equal([436, 168, 1180, 780]);
    for (let press = 0; press < 9; press++) await sendKeys({ press: 'Shift+ArrowLeft' });
    expect(box().width).to.equal(360);
    await element.updateComplete;
    expect(element.shadowRoot!.activeElement).to.equal(handle);
  });

  it('has its handle at the side that is nearer to the middle', async () => {
    const { handle, grip, element } = await callWindow();
    grip.click();
    await element.updateComplete;
    expect(handle.className).to.equal('resize se');
    const { right, bottom } = handle.getBoundingClientRect();
    expect(element.getBoundingClientRect().right - right).to.be.at.most(2);
    expect(element.getBoundingClientRect().bottom - bottom).to.be.at.most(2);
  });

  it('keeps its place and size: in full screen, after a small viewport, and in the next call', async () => {
    const { box, part, show, element } = await callWindow();
    await dragAndDrop(part('.edge.nw'), -100, -50);
    await dragAndDrop(part('.grip'), -60, -60);
    const before = edges(box());
    expect(before).to.deep.equal([300, 130, 1120, 720]);
    await setViewport({ width: 600, height: 530 });
    expectInViewport(box());
    await setViewport({ width: 390, height: 700 });
    expect(edges(box()), 'a narrow viewport is filled').to.deep.equal([0, 0, 390, 700]);
    expect(part('.resize').offsetWidth + part('.grip').offsetWidth).to.equal(0);
    await setViewport({ width: 1200, height: 800 });
    expect(edges(box())).to.deep.equal(before);
    element.minimised = true;
    await element.updateComplete;
    expect(element.hasAttribute('moved'), 'the minimised view has its own place').to.equal(false);
    await show({ status: 'idle' });
    element.remove();
    // As after a reload.
    placeMemory.reset();
    const next = await inProvider<OutgoingCallDialog>(
      html`<outgoing-call-dialog in-layer></outgoing-call-dialog>`,
    );
    await next.show(outgoing('ringing', { callType: 'video' }));
    await Promise.all(next.element.getAnimations().map(({ finished }) => finished));
    expect(edges(next.element.getBoundingClientRect())).to.deep.equal(before);
    next.element.remove();
    expect(edges((await callWindow()).box())).to.deep.equal(before);
  });

  it('has a size for voice calls and one for video calls', async () => {
    const { box, handle, show } = await callWindow();
    handle.click();
    expect(box().width).to.equal(1160);
    await show(ongoing({ callType: 'voice' }));
    expect([box().width, box().height]).to.deep.equal([360, 560]);
    await show(incoming({ callType: 'video' }));
    await show(ongoing({ callType: 'video' }));
    expect(box().width).to.equal(1160);
  });

  it('has no handles where the view is placed in the page', async () => {
    const { element, show } = await inProvider<OngoingCallView>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    await show(ongoing());
    expect(element.shadowRoot!.querySelector('.handles')).to.equal(null);
    await dragAndDrop(element.shadowRoot!.querySelector('.top .who')!, 50, 50);
    expect(element.hasAttribute('moved')).to.equal(false);
  });

  it('passes the accessibility checks, also while it is the smallest', async () => {
    const { element, handle } = await callWindow();
    await expectAccessible(element);
    for (let press = 0; press < 2; press++) handle.click();
    expect(element.offsetWidth).to.equal(360);
    await expectAccessible(element);
  });
});
