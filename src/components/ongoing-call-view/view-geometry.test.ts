import { expect, html } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import { inProvider } from '../../../test/support/elements.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import { NO_CALL, NO_MEDIA, member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineOnce } from '../shared/define-once.js';
import { WaitingCallCard } from '../waiting-call-card/waiting-call-card.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);
defineOnce('waiting-call-card', WaitingCallCard);

const me = member(user('ann', 'Ann Berg'), 'accepted', { self: true });
const ben = member(user('ben', 'Ben Ortiz'), 'accepted', { camera: true });

async function callView(template = html`<ongoing-call-view in-layer></ongoing-call-view>`) {
  const fixture = await inProvider<OngoingCallView>(template);
  const part = (selector: string): HTMLElement =>
    fixture.element.shadowRoot!.querySelector<HTMLElement>(selector)!;
  return { ...fixture, part };
}

describe('the boxes of the call view', () => {
  beforeEach(async () => {
    forgetPlaces();
    await emulateMedia({ reducedMotion: 'reduce' });
  });
  afterEach(async () => {
    await emulateMedia({ reducedMotion: 'no-preference' });
    await setViewport({ width: 800, height: 600 });
  });

  it('leave space for a short name in the bar of a narrow phone', async () => {
    await setViewport({ width: 320, height: 600 });
    const { element, part, show } = await callView();
    await show(ongoing({ members: [me, ben] }));
    element.minimised = true;
    await element.updateComplete;
    const name = part('.bar .name');
    expect(name.textContent?.trim()).to.equal('Ben Ortiz');
    expect(name.scrollWidth).to.be.at.most(name.clientWidth);
  });

  for (const width of [226, 240, 250, 296, 320])
    it(`contain the row of controls in a view ${width} pixels wide`, async () => {
      const { element, part, show } = await callView(
        html`<ongoing-call-view style="inline-size: ${width}px"></ongoing-call-view>`,
      );
      await show(ongoing({ callType: 'video' }));
      const view = element.getBoundingClientRect();
      expect(view.width).to.equal(width);
      const boxes = [...part('.controls').querySelectorAll('.control')].map((control) =>
        control.getBoundingClientRect(),
      );
      expect(boxes).to.have.length(5);
      expect(boxes[0]!.left).to.be.at.least(view.left);
      expect(boxes[4]!.right).to.be.at.most(view.right);
    });

  it('keep the button that resizes the window apart from the controls', async () => {
    await setViewport({ width: 1000, height: 700 });
    const { element, part, show } = await callView();
    await show(ongoing());
    const resize = part('.resize').getBoundingClientRect();
    expect(resize.width).to.be.at.least(24);
    const { left, bottom, width } = part('.controls .control').getBoundingClientRect();
    const radius = width / 2;
    // From the middle of the round control to the corner of the button that is nearest.
    const distance = Math.hypot(left + radius - resize.right, bottom - radius - resize.top);
    expect(element.getBoundingClientRect().width).to.equal(360);
    expect(distance).to.be.above(radius + 4);
  });

  it('give the state of a member on a picture a ground, because pictures may be white', async () => {
    const { part, service, show } = await callView();
    const stream = Object.assign(document.createElement('canvas'), { width: 16, height: 9 });
    stream.getContext('2d');
    service.$remoteMedia.set(new Map([['ben', { ...NO_MEDIA, stream: stream.captureStream() }]]));
    await show(ongoing({ callType: 'video', members: [me, { ...ben, picturePaused: true }] }));
    await waitUntil(() => part('.paused .state'));
    const state = part('.paused .state');
    expect(getComputedStyle(state).backgroundColor).to.equal('rgba(8, 10, 14, 0.62)');
    const [text, picture] = [state, part('.paused')].map((one) => one.getBoundingClientRect());
    expect(text!.left + text!.right).to.be.closeTo(picture!.left + picture!.right, 1);
  });

  for (const dir of ['ltr', 'rtl'])
    it(`start all lines of a name at one edge with the text below it: ${dir}`, async () => {
      const { element, service } = await inProvider<WaitingCallCard>(
        html`<waiting-call-card
          dir=${dir}
          lang=${dir === 'rtl' ? 'ar' : 'en'}
          style="inline-size: 280px"
        ></waiting-call-card>`,
      );
      const other = member(user('ben', 'Fatima al-Zahra of Kairouan'), 'accepted');
      service.show(ongoing({ callID: 'running' }));
      service.$heldCalls.set([{ ...NO_CALL, ...ongoing({ members: [me, other] }), callID: 'x' }]);
      const root = element.shadowRoot!;
      await waitUntil(() => root.querySelector(`section[dir=${dir}] .name`));
      const lines = document.createRange();
      lines.selectNodeContents(root.querySelector('.name')!);
      const boxes = [...lines.getClientRects()].filter(({ width }) => width > 1);
      expect(boxes.length).to.be.above(1);
      const edge = dir === 'rtl' ? 'right' : 'left';
      const below = document.createRange();
      below.selectNodeContents(root.querySelector('.what')!);
      const expected = below.getBoundingClientRect()[edge];
      // The space at the end of a line counts.
      for (const box of boxes) expect(box[edge]).to.be.closeTo(expected, 6);
    });
});
