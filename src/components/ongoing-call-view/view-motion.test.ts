import { expect, html } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import { animationsOf, inProvider, motionEnds } from '../../../test/support/elements.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import { ongoing } from '../../../test/support/fake-service.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

async function callView(template = html`<ongoing-call-view in-layer></ongoing-call-view>`) {
  const fixture = await inProvider<OngoingCallView>(template);
  const { element, show } = fixture;
  await show(ongoing());
  const stage = (): HTMLElement => element.shadowRoot!.querySelector('.stage')!;
  /** Minimises or restores the view. @returns its motion, stopped at its beginning */
  const change = async (minimised: boolean): Promise<Animation | undefined> => {
    element.minimised = minimised;
    await element.updateComplete;
    const motion = stage().getAnimations()[0];
    motion?.pause();
    if (motion) motion.currentTime = 0;
    return motion;
  };
  return { ...fixture, stage, change };
}
/** The visible part of an element that is clipped. */
function visible(stage: HTMLElement): number[] {
  const { left, top, right, bottom, width } = stage.getBoundingClientRect();
  const { clipPath } = getComputedStyle(stage);
  const scale = width / stage.offsetWidth;
  const [y = 0, x = y] = [...clipPath.split('round')[0]!.matchAll(/[\d.]+/g)].map(
    ([length]) => Number(length) * scale,
  );
  return [left + x, top + y, right - x, bottom - y].map(Math.round);
}
const duration = (motion: Animation | undefined): unknown => motion?.effect?.getTiming().duration;

describe('the motion of the call view', () => {
  beforeEach(async () => {
    forgetPlaces();
    await setViewport({ width: 1000, height: 700 });
  });
  afterEach(() => emulateMedia({ reducedMotion: 'no-preference' }));
  after(() => setViewport({ width: 800, height: 600 }));

  it('has none when a call connects', async () => {
    const { element } = await callView();
    expect(animationsOf(element)).to.have.length(0);
    expect(element.getAnimations()).to.have.length(0);
  });

  it('grows from the minimised view into the window, within 220 ms', async () => {
    const { element, stage, change } = await callView();
    (await change(true))?.finish();
    const small = visible(stage());
    const motion = await change(false);
    expect(duration(motion)).to.equal(220);
    for (const [index, edge] of visible(stage()).entries())
      expect(edge).to.be.closeTo(small[index] ?? 0, 2);
    const window = element.getBoundingClientRect();
    motion?.play();
    await motionEnds(element);
    expect(animationsOf(element)).to.have.length(0);
    const { left, top, width, height } = stage().getBoundingClientRect();
    expect([left, top, width, height]).to.deep.equal([
      ...[window.left, window.top, window.width, window.height],
    ]);
  });

  it('becomes the minimised view from the place of the window', async () => {
    const { element, stage, change } = await callView();
    const before = element.getBoundingClientRect();
    const motion = await change(true);
    expect(duration(motion)).to.equal(220);
    const { left, right, top, bottom } = stage().getBoundingClientRect();
    expect((left + right) / 2).to.be.closeTo((before.left + before.right) / 2, 2);
    expect((top + bottom) / 2).to.be.closeTo((before.top + before.bottom) / 2, 2);
  });

  it('is a sheet that comes from below on phones', async () => {
    await setViewport({ width: 390, height: 780 });
    const { stage, change } = await callView();
    (await change(true))?.finish();
    const motion = await change(false);
    expect(duration(motion)).to.equal(220);
    expect(stage().getBoundingClientRect().top).to.be.closeTo(780, 1);
    motion?.finish();
    expect(stage().getBoundingClientRect().top).to.equal(0);
  });

  it('only fades with reduced motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const { stage, change } = await callView();
    for (const minimised of [true, false]) {
      const motion = await change(minimised);
      expect(duration(motion)).to.equal(220);
      const { opacity, translate, scale, clipPath } = getComputedStyle(stage());
      expect([opacity, translate, scale, clipPath]).to.deep.equal(['0', 'none', 'none', 'none']);
      motion?.finish();
      expect(getComputedStyle(stage()).opacity).to.equal('1');
    }
  });

  it('goes back from where it is if it is interrupted', async () => {
    const { stage, change } = await callView();
    (await change(true))?.finish();
    const motion = await change(false);
    if (motion) motion.currentTime = 60;
    const { top: half } = stage().getBoundingClientRect();
    await change(true);
    expect(stage().getAnimations()).to.have.length(1);
    expect(stage().getBoundingClientRect().top).to.be.at.least(half);
  });

  it('has none where the view is placed in the page', async () => {
    const { change } = await callView(html`<ongoing-call-view></ongoing-call-view>`);
    expect(await change(true)).to.equal(undefined);
    expect(await change(false)).to.equal(undefined);
  });
});
