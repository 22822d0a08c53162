import { aTimeout, expect, fixture } from '@open-wc/testing';
import { render } from 'lit';
import { video } from './video.js';
import { waitUntil } from '../../../test/support/wait-until.js';

/** A video that plays a canvas. */
async function playing(): Promise<HTMLVideoElement> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  context?.fillRect(0, 0, 2, 2);
  const element = await fixture<HTMLVideoElement>(video(canvas.captureStream(10), 'Ben'));
  await waitUntil(() => !element.paused);
  return element;
}
const pauseOf = (element: HTMLVideoElement): Promise<Event> =>
  new Promise((resolve) => element.addEventListener('pause', resolve, { once: true }));

describe('video', () => {
  it('is muted, and has an accessible name', async () => {
    const element = await playing();
    expect(element.muted).to.equal(true);
    expect(element.getAttribute('aria-label')).to.equal('Ben');
  });

  it('plays again after the browser paused it, also twice in a row', async () => {
    const element = await playing();
    for (const _ of [1, 2]) {
      const paused = pauseOf(element);
      element.pause();
      await paused;
      await waitUntil(() => !element.paused);
    }
  });

  it('stays paused after it was removed', async () => {
    const element = await playing();
    const paused = pauseOf(element);
    element.remove();
    await paused;
    await aTimeout(0);
    expect(element.paused).to.equal(true);
  });

  it('has the shape of a picture that was shown elsewhere from the beginning', async () => {
    const element = await playing();
    const shape = ({ style }: HTMLElement): string => style.getPropertyValue('--_aspect');
    await waitUntil(() => shape(element) === '2');
    const stream = element.srcObject as MediaStream;
    const place = document.createElement('div');
    render(video(stream), place);
    expect(shape(place.querySelector('video')!)).to.equal('2');
  });
});
