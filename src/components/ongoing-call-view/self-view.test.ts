import { expect, html } from '@open-wc/testing';
import { sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
import { drag } from '../../../test/support/drag.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import { inProvider, motionEnds } from '../../../test/support/elements.js';
import { ongoing } from '../../../test/support/fake-service.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

/** A video call of two, in the layer of a provider. */
async function videoCall(dir = 'ltr') {
  document.documentElement.dir = dir;
  const fixture = await inProvider<OngoingCallView>(
    html`<ongoing-call-view in-layer></ongoing-call-view>`,
  );
  const call = ongoing();
  const members = (call.members ?? []).map((member) => ({ ...member, camera: true }));
  await fixture.show({ ...call, callType: 'video', members });
  const root = fixture.element.shadowRoot!;
  const tile = () => root.querySelector<HTMLElement>('.own')!;
  const corner = () => {
    const area = root.querySelector('.tiles')!.getBoundingClientRect();
    const { left, right, top, bottom } = tile().getBoundingClientRect();
    const horizontal = left - area.left < area.right - right ? 'left' : 'right';
    return `${top - area.top < area.bottom - bottom ? 'top' : 'bottom'} ${horizontal}`;
  };
  /** The distances to the right and the lower edge of the area, in CSS pixels: notes make it lower. */
  const distance = () => {
    const area = root.querySelector('.tiles')!.getBoundingClientRect();
    const { right, bottom } = tile().getBoundingClientRect();
    return [area.right - right, area.bottom - bottom];
  };
  const button = () => root.querySelector<HTMLButtonElement>('.own .move')!;
  const settled = async () => {
    await fixture.element.updateComplete;
    await motionEnds(fixture.element);
  };
  await settled();
  return { ...fixture, tile, corner, distance, button, settled };
}
describe('SelfView', () => {
  beforeEach(async () => {
    // In the small window of another test, another corner would be nearer.
    forgetPlaces();
    await setViewport({ width: 1000, height: 700 });
  });
  afterEach(async () => {
    // The corner is kept for the next call of the page.
    document.documentElement.dir = '';
    const { button, settled } = await videoCall();
    for (const key of ['ArrowDown', 'ArrowRight'])
      button().dispatchEvent(new KeyboardEvent('keydown', { key }));
    await settled();
    await setViewport({ width: 800, height: 600 });
  });
  it('is dragged, and snaps to the nearest corner, which is remembered', async () => {
    const call = await videoCall();
    expect(call.corner()).to.equal('bottom right');
    const before = call.tile().getBoundingClientRect();
    await drag(call.button(), -300, -250);
    const dragged = call.tile().getBoundingClientRect();
    expect(dragged.left - before.left).to.be.closeTo(-300, 1);
    expect(dragged.top - before.top).to.be.closeTo(-250, 1);
    await sendMouse({ type: 'up' });
    await call.settled();
    expect(call.corner()).to.equal('top left');
    await call.show({ status: 'idle' });
    call.element.remove();
    const next = await videoCall();
    expect(next.corner()).to.equal('top left');
  });

  it('goes back to its corner after a short drag', async () => {
    const call = await videoCall();
    const before = call.distance();
    await drag(call.button(), -40, -30);
    expect(call.distance()).not.to.deep.equal(before);
    await sendMouse({ type: 'up' });
    await call.settled();
    expect(call.distance()).to.deep.equal(before);
    expect(call.tile().style.translate).to.equal('');
  });

  it('is in its place in the grid if somebody comes in during a drag', async () => {
    const { element, show, tile, button } = await videoCall();
    await drag(button(), -300, -250);
    const own = tile();
    const { members = [] } = ongoing();
    const third = { ...members.find(({ self }) => !self)!, userID: 'chen', userName: 'Chen' };
    await show(ongoing({ members: [...members, third] }));
    await element.updateComplete;
    expect(own.isConnected).to.equal(true);
    expect(own.style.translate).to.equal('');
    expect(own.hasAttribute('data-dragged')).to.equal(false);
    await sendMouse({ type: 'up' });
  });

  it('moves to the next corner at each press', async () => {
    const call = await videoCall();
    const corners: string[] = [];
    for (let press = 0; press < 4; press++) {
      call.button().click();
      await call.settled();
      corners.push(call.corner());
    }
    expect(corners).to.deep.equal(['bottom left', 'top left', 'top right', 'bottom right']);
  });

  it('moves with the arrow keys in the direction that they show, also from right to left', async () => {
    for (const dir of ['ltr', 'rtl']) {
      const call = await videoCall(dir);
      call.button().focus();
      for (const key of ['ArrowUp', 'ArrowLeft']) await sendKeys({ press: key });
      await call.settled();
      expect(call.corner()).to.equal('top left');
      for (const key of ['ArrowRight', 'ArrowDown']) await sendKeys({ press: key });
      await call.settled();
      expect(call.corner()).to.equal('bottom right');
      expect(call.element.shadowRoot!.activeElement).to.equal(call.button());
      call.element.remove();
    }
  });

  it('has a name that says whose picture it moves', async () => {
    const { button } = await videoCall();
    expect(button().getAttribute('aria-label')).to.equal('Move your picture');
    expect(button().getAttribute('aria-description')).to.match(/arrow keys/);
  });
});
