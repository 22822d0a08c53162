import { expect, html } from '@open-wc/testing';
import { sendMouse, setViewport } from '@web/test-runner-commands';
import { drag } from '../../../test/support/drag.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import {
  button,
  expectAccessible,
  inProvider,
  motionEnds,
  textOf,
} from '../../../test/support/elements.js';
import { member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

/** A picture with a size, which changes so that it is delivered. */
function picture(width: number, height: number): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  const timer = setInterval(() => {
    if (!document.body.isConnected) clearInterval(timer);
    context.fillRect(0, 0, width, height);
  }, 50);
  return canvas.captureStream();
}
const other = (userID: string, more: Partial<Member> = {}): Member =>
  member(user(userID, `${userID} Ortiz`), 'accepted', { microphone: true, camera: true, ...more });
const call = (others: readonly Member[], more: Partial<CallSnapshot> = {}): Partial<CallSnapshot> =>
  ongoing({
    callType: 'video',
    members: [member(user('ann', 'Ann Berg'), 'accepted', { self: true }), ...others],
    ...more,
  });

/** A minimised video call, in the layer of a provider. */
async function minimised(
  others: readonly Member[] = [other('ben')],
  size: readonly [number, number] = [640, 480],
) {
  const fixture = await inProvider<OngoingCallView>(
    html`<ongoing-call-view in-layer></ongoing-call-view>`,
  );
  const { element, service, show } = fixture;
  const stream = picture(...size);
  const screen = picture(800, 450);
  service.$remoteMedia.set(
    new Map(
      others.map(({ userID, screen: shares }) => [
        userID,
        { stream, screen: shares ? screen : undefined },
      ]),
    ),
  );
  await show(call(others));
  element.minimised = true;
  await element.updateComplete;
  await motionEnds(element);
  const root = element.shadowRoot!;
  const video = () => root.querySelector<HTMLVideoElement>('.card video')!;
  return { ...fixture, root, stream, screen, video };
}

describe('the card of a minimised video call', () => {
  beforeEach(async () => {
    forgetPlaces();
    await setViewport({ width: 1000, height: 700 });
  });
  after(() => setViewport({ width: 800, height: 600 }));

  it('shows the live picture of the other member, their name, and the controls', async () => {
    const { element, root, stream, service, video } = await minimised();
    expect(root.querySelectorAll('video')).to.have.length(1);
    expect(video().srcObject).to.equal(stream);
    await waitUntil(() => video().currentTime > 0);
    expect(element.matches(':state(picture)')).to.equal(true);
    expect(textOf(element, '.card .name')).to.equal('ben Ortiz');
    expect(textOf(element, '[role=timer]')).to.match(/^12:4\d$/);
    button(element, 'microphone-button').click();
    expect(service.commands).to.deep.equal([['setMicrophone', true]]);
    button(element, 'hang-up-button').click();
    expect(service.commands.at(-1)).to.deep.equal(['hangUp']);
    root.querySelector<HTMLElement>('.restore')!.click();
    await element.updateComplete;
    expect(element.minimised).to.equal(false);
  });

  it('has the shape of the picture, and stays inside low and narrow viewports', async () => {
    for (const [width, height, shape] of [
      [640, 480, 4 / 3],
      [640, 360, 16 / 9],
      [480, 640, 3 / 4],
      // At most a quarter of a picture is cropped.
      [360, 640, 3 / 4],
    ] as const) {
      const { element, video, root } = await minimised([other('ben')], [width, height]);
      await waitUntil(() => video().videoWidth === width);
      await waitUntil(() => Math.abs(video().offsetWidth / video().offsetHeight - shape) < 0.02);
      expect(element.offsetWidth).to.be.within(176, 260);
      for (const [innerW, innerH] of [
        [320, 256],
        [480, 260],
        [320, 568],
      ] as const) {
        await setViewport({ width: innerW, height: innerH });
        for (const one of [element, ...root.querySelectorAll('button')]) {
          const { left, top, right, bottom } = one.getBoundingClientRect();
          expect(Math.min(left, top), one.className).to.be.at.least(0);
          expect(right).to.be.at.most(innerW);
          expect(bottom).to.be.at.most(innerH);
          expect(Math.min(right - left, bottom - top)).to.be.at.least(44);
        }
      }
      await setViewport({ width: 1000, height: 700 });
      element.remove();
    }
  });

  it('is restored by a press anywhere on the picture, and is dragged by it', async () => {
    const { element, video } = await minimised();
    const before = element.getBoundingClientRect();
    await drag(video(), -200, -150);
    await sendMouse({ type: 'up' });
    const after = element.getBoundingClientRect();
    expect(after.left - before.left).to.be.closeTo(-200, 1);
    expect(after.top - before.top).to.be.closeTo(-150, 1);
    expect(element.minimised).to.equal(true);
    const { left, top } = video().getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.round(left + 100), Math.round(top + 60)] });
    expect(element.minimised).to.equal(false);
  });

  it('is the bar while there is no picture: in voice calls, with the camera off, on hold, and at the end', async () => {
    const { element, root, show } = await minimised();
    const isCard = (): boolean => !!root.querySelector('.card');
    expect(isCard()).to.equal(true);
    for (const without of [
      call([other('ben', { camera: false })]),
      call([other('ben')], { onHold: true }),
      call([other('ben')], { status: 'ended', endReason: 'hung-up' }),
    ]) {
      await show(without);
      expect(isCard()).to.equal(false);
      expect(root.querySelector('.bar')).not.to.equal(null);
      expect(element.matches(':state(picture)')).to.equal(false);
      await show(call([other('ben')]));
      element.minimised = true;
      await element.updateComplete;
      expect(isCard()).to.equal(true);
    }
  });

  it('asks the other member for a small picture, and nobody else for one', async () => {
    const { service } = await minimised([other('ben'), other('eva')]);
    const lines = (userID: string) => service.pictureSizes.get(userID);
    await waitUntil(() => (lines('ben')?.camera ?? 0) > 0);
    expect(lines('ben')?.camera).to.be.within(160, 200 * devicePixelRatio);
    expect(lines('ben')?.screen).to.equal(0);
    expect(lines('eva')).to.deep.equal({ camera: 0, screen: 0 });
  });

  it('shows a shared screen, and asks for it alone', async () => {
    const { element, service, screen, video } = await minimised([other('ben', { screen: true })]);
    expect(video().srcObject).to.equal(screen);
    expect(video().getAttribute('aria-label')).to.equal('ben Ortiz is sharing their screen');
    expect(getComputedStyle(video()).objectFit).to.equal('contain');
    await waitUntil(() => (service.pictureSizes.get('ben')?.screen ?? 0) > 0);
    expect(service.pictureSizes.get('ben')?.camera).to.equal(0);
    await expectAccessible(element);
  });

  it('says that the call reconnects, and that the picture is paused', async () => {
    const { element, show } = await minimised();
    await show(call([other('ben')], { status: 'reconnecting' }));
    expect(textOf(element, '.card .status')).to.equal('Reconnecting…');
    await show(call([other('ben', { picturePaused: true })]));
    expect(textOf(element, '.card .state')).to.equal('Picture paused to keep the sound clear');
  });

  it('passes the accessibility checks', async () => {
    const { element } = await minimised();
    await expectAccessible(element);
  });
});
