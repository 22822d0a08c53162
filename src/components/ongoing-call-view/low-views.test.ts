import { expect, html } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { button, inProvider } from '../../../test/support/elements.js';
import { NO_MEDIA, member, ongoing, user } from '../../../test/support/fake-service.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

/** A small window, a phone in landscape, and 1280 × 1024 pixels at a zoom of 400 %. */
const SIZES = ['480x260', '667x375', '320x256'];
const NAMES = ['Gift', 'Umbrella', 'Lemon', 'Glasses', 'Rooster', 'Fish', 'Banana'];

async function lowView(size: string) {
  const [width = 0, height = 0] = size.split('x').map(Number);
  await setViewport({ width, height });
  const fixture = await inProvider<OngoingCallView>(
    html`<ongoing-call-view in-layer></ongoing-call-view>`,
    (provider) => (provider.config = { callWaiting: true }),
  );
  const { element, service, show } = fixture;
  service.$localMedia.set({
    ...NO_MEDIA,
    ...({ microphone: 'off', speakingWhileMuted: true } as const),
    ...({ camera: 'unavailable', cameraProblem: 'busy' } as const),
  });
  const emoji = NAMES.map((name, number) => ({ number, symbol: '🎁', name }));
  service.$verification.set(new Map([['ben', { state: 'ready', emoji }]]));
  const camera = { camera: true, microphone: true };
  await show(
    ongoing({
      callType: 'video',
      members: [
        member(user('ann', 'Ann Berg'), 'accepted', { self: true, ...camera }),
        member(user('ben', 'Ben Ortiz'), 'accepted', camera),
      ],
    }),
  );
  const boxes = (selector: string): DOMRect[] =>
    [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])]
      .filter((one) => one.checkVisibility())
      .map((one) => one.getBoundingClientRect());
  return { ...fixture, boxes };
}
/** Whether two boxes share an area. */
const overlap = (a: DOMRect, b: DOMRect): boolean =>
  a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;

describe('a low call view', () => {
  after(() => setViewport({ width: 800, height: 600 }));

  for (const size of SIZES) {
    it(`shows its panels above the controls, and all of their content by scrolling, at ${size}`, async () => {
      const { element, boxes } = await lowView(size);
      button(element, 'more-button').click();
      await element.updateComplete;
      const check = (): DOMRect => {
        const [panel] = boxes('.panel');
        expect(panel!.left).to.be.at.least(0);
        expect(panel!.top).to.be.at.least(0);
        expect(panel!.right).to.be.at.most(innerWidth);
        for (const control of boxes('.controls button'))
          expect(overlap(panel!, control)).to.equal(false);
        const last = element.shadowRoot!.querySelector('.panel')!.lastElementChild!;
        last.scrollIntoView({ block: 'end' });
        expect(last.getBoundingClientRect().bottom).to.be.at.most(panel!.bottom);
        expect(boxes('.panel .close')[0]!.top, 'the head stays').to.be.at.least(panel!.top);
        element.shadowRoot!.querySelector('.panel')!.scrollTop = 0;
        return panel!;
      };
      expect(check().height).to.be.at.least(160);
      button(element, 'verify-button').click();
      await element.updateComplete;
      const panel = check();
      const emoji = boxes('.emoji li');
      expect(emoji).to.have.length(7);
      for (const { bottom } of emoji) expect(bottom).to.be.at.most(panel.bottom);
    });

    it(`shows notes that lie neither upon each other nor upon the bar at the top, at ${size}`, async () => {
      const { element, boxes } = await lowView(size);
      const notes = boxes('.note');
      for (const note of element.shadowRoot!.querySelectorAll('.note'))
        expect(note.scrollHeight, 'its text is inside of it').to.be.at.most(note.clientHeight);
      expect(notes.length).to.be.at.least(2);
      for (const [index, note] of notes.entries())
        for (const next of notes.slice(index + 1)) expect(overlap(note, next)).to.equal(false);
      const [area] = boxes('.notes');
      for (const control of boxes('.top button, .controls button')) {
        expect(overlap(area!, control)).to.equal(false);
        for (const own of boxes('.own')) expect(overlap(own, control)).to.equal(false);
      }
    });
  }
});
