import { expect, html } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { dragAndDrop } from '../../../test/support/drag.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import { expectInViewport, inProvider, motionEnds } from '../../../test/support/elements.js';
import { ongoing } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineOnce } from '../shared/define-once.js';
import { nextCorner } from './movable-view.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

/** A minimised call, in the layer of a provider. */
async function minimised(dir = 'ltr') {
  document.documentElement.dir = dir;
  const fixture = await inProvider<OngoingCallView>(
    html`<ongoing-call-view in-layer></ongoing-call-view>`,
  );
  await fixture.show(ongoing());
  const { element } = fixture;
  element.minimised = true;
  await element.updateComplete;
  await motionEnds(element);
  const grip = element.shadowRoot!.querySelector<HTMLButtonElement>('.grip')!;
  return { ...fixture, grip };
}
const cornerOf = (element: Element): string => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const horizontal = left < innerWidth - right ? 'left' : 'right';
  return `${top < innerHeight - bottom ? 'top' : 'bottom'} ${horizontal}`;
};

describe('MovableView', () => {
  before(() => {
    forgetPlaces();
  });
  beforeEach(() => setViewport({ width: 1000, height: 700 }));
  afterEach(async () => {
    document.documentElement.dir = '';
    await setViewport({ width: 800, height: 600 });
  });

  // First, while no bar of this page has been moved.
  it('starts at the bottom, at the inline end', async () => {
    const { element } = await minimised();
    expect(element.hasAttribute('moved')).to.equal(false);
    expect(cornerOf(element)).to.equal('bottom right');
    element.remove();
    expect(cornerOf((await minimised('rtl')).element)).to.equal('bottom left');
  });

  it('is not movable where it is placed in the page', async () => {
    const { element, show } = await inProvider<OngoingCallView>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    await show(ongoing());
    element.minimised = true;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector('.grip')).to.equal(null);
    await dragAndDrop(element.shadowRoot!.querySelector('.name')!, 50, 50);
    expect(element.hasAttribute('moved')).to.equal(false);
  });

  it('is dragged, also by the button that restores the view, which is not pressed', async () => {
    const { element } = await minimised();
    const before = element.getBoundingClientRect();
    await dragAndDrop(element.shadowRoot!.querySelector('.restore')!, -200, -150);
    const after = element.getBoundingClientRect();
    expect(after.left - before.left).to.be.closeTo(-200, 1);
    expect(after.top - before.top).to.be.closeTo(-150, 1);
    expect(after.width).to.equal(before.width);
    expect(element.minimised).to.equal(true);
    element.shadowRoot!.querySelector<HTMLElement>('.restore')!.click();
    expect(element.minimised).to.equal(false);
  });

  it('stays inside the viewport, also when the viewport shrinks', async () => {
    const { element, grip } = await minimised();
    await dragAndDrop(grip, 2_000, 2_000);
    expectInViewport(element.getBoundingClientRect());
    expect(cornerOf(element)).to.equal('bottom right');
    await setViewport({ width: 320, height: 400 });
    expectInViewport(element.getBoundingClientRect());
    await dragAndDrop(grip, -500, -900);
    expectInViewport(element.getBoundingClientRect());
    expect(cornerOf(element)).to.match(/^top/);
  });

  it('remembers its position: after it was restored, and for the next call', async () => {
    const { element, grip, show } = await minimised();
    await dragAndDrop(grip, -2_000, -2_000);
    const box = element.getBoundingClientRect();
    expect(cornerOf(element)).to.equal('top left');
    element.minimised = false;
    await element.updateComplete;
    expect(element.hasAttribute('moved')).to.equal(false);
    await show({ status: 'idle' });
    await show(ongoing());
    element.minimised = true;
    await element.updateComplete;
    const again = element.getBoundingClientRect();
    expect([again.left, again.top]).to.deep.equal([box.left, box.top]);
  });

  it('moves to the next corner at each press, clockwise', async () => {
    const { element, grip } = await minimised();
    await dragAndDrop(grip, 2_000, 2_000);
    const corners: string[] = [];
    for (let press = 0; press < 4; press++) {
      grip.click();
      corners.push(cornerOf(element));
    }
    expect(corners).to.deep.equal(['bottom left', 'top left', 'top right', 'bottom right']);
  });

  it('moves with the arrow keys, and keeps the focus', async () => {
    const { element, grip } = await minimised();
    await dragAndDrop(grip, 2_000, 2_000);
    const before = element.getBoundingClientRect();
    grip.focus();
    await sendKeys({ press: 'ArrowUp' });
    await sendKeys({ press: 'ArrowLeft' });
    await sendKeys({ press: 'Shift+ArrowLeft' });
    const after = element.getBoundingClientRect();
    expect(after.top - before.top).to.be.closeTo(-24, 1);
    expect(after.left - before.left).to.be.closeTo(-120, 1);
    expect(element.shadowRoot!.activeElement).to.equal(grip);
    await sendKeys({ press: 'ArrowDown' });
    await sendKeys({ press: 'ArrowDown' });
    expectInViewport(element.getBoundingClientRect());
  });

  it('has a button with a name and a description', async () => {
    const { element, grip } = await minimised();
    expect(grip.getAttribute('aria-label')).to.equal('Move');
    expect(grip.getAttribute('aria-description')).to.match(/arrow keys/);
    expect(element.shadowRoot!.querySelector('.restore')?.ariaLabel).to.equal('Back to the call');
    await waitUntil(() => grip.offsetWidth >= 44 && grip.offsetHeight >= 44);
  });

  it('chooses the corner after the nearest one', () => {
    expect(nextCorner({ x: 0.9, y: 0.8 })).to.deep.equal({ x: 0, y: 1 });
    expect(nextCorner({ x: 0.2, y: 0.3 })).to.deep.equal({ x: 1, y: 0 });
  });
});
