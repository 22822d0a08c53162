import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import { button } from '../../../test/support/elements.js';
import { forgetPlaces } from '../../../test/support/forget-places.js';
import { createPhones, shown, waitForStatus } from '../../../test/support/provider-fixture.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from '../shared/define-once.js';
import { CallInvitationProvider } from './call-invitation-provider.js';

defineOnce('call-invitation-provider', CallInvitationProvider);
defineOnce('ongoing-call-view', OngoingCallView);

interface Rings {
  readonly ben: CallInvitationProvider;
  readonly dialog: HTMLElement;
}

/** Ann calls Ben, whose phone rings. */
async function ring(...others: readonly string[]): Promise<Rings> {
  const phones = createPhones();
  const [ann, ben] = [await phones.phone('ann'), await phones.phone('ben')];
  await ann.service.send({ invitees: ['ben', ...others], callType: 'video' });
  await waitForStatus(ben, 'incoming');
  const dialog = shown(ben)!;
  await waitUntil(() => dialog.shadowRoot?.querySelector('[part=accept-button]'));
  return { ben, dialog };
}

/** The stage of the view that has replaced the dialog. */
async function stageOf({ ben }: Rings): Promise<HTMLElement> {
  const stage = () => shown(ben)?.shadowRoot?.querySelector<HTMLElement>('.stage');
  await waitUntil(() => shown(ben)?.localName === 'ongoing-call-view' && stage());
  return stage()!;
}

const motionsOf = (stage: HTMLElement): readonly Animation[] =>
  stage.getAnimations().filter((each) => !(each instanceof CSSTransition));

/** The motion of the view that has replaced the dialog, stopped at its beginning. */
async function viewOf(rings: Rings): Promise<{ stage: HTMLElement; motion: Animation }> {
  const stage = await stageOf(rings);
  const motion = motionsOf(stage)[0]!;
  motion.pause();
  motion.currentTime = 0;
  return { stage, motion };
}

const part = (element: HTMLElement, name: string): HTMLElement | null =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part=${name}]`);

const middleOf = ({ left, right, top, bottom }: DOMRect): readonly number[] => [
  Math.round((left + right) / 2),
  Math.round((top + bottom) / 2),
];

describe('an incoming call that is answered', () => {
  beforeEach(async () => {
    forgetPlaces();
    await setViewport({ width: 1000, height: 700 });
  });
  afterEach(() => emulateMedia({ reducedMotion: 'no-preference' }));
  after(() => setViewport({ width: 800, height: 600 }));

  it('is shown by a window that grows from the place of its card', async () => {
    const rings = await ring();
    await Promise.all(rings.dialog.getAnimations().map(({ finished }) => finished));
    button(rings.dialog, 'accept-button').click();
    await waitUntil(() => part(rings.dialog, 'hang-up-button'));
    const card = rings.dialog.getBoundingClientRect();
    const { stage, motion } = await viewOf(rings);
    expect(motion.effect?.getTiming().duration).to.equal(220);
    expect(middleOf(stage.getBoundingClientRect())).to.deep.equal(middleOf(card));
    motion.finish();
    const place = shown(rings.ben)!.getBoundingClientRect();
    expect(middleOf(stage.getBoundingClientRect())).to.deep.equal(middleOf(place));
    expect(place.width).to.be.above(card.width);
  });

  it('is shown by its card while it connects, with a button to hang up instead of the answers', async () => {
    const rings = await ring();
    const { ben, dialog } = rings;
    const section = dialog.shadowRoot!.querySelector('section')!;
    button(dialog, 'accept-button').focus();
    button(dialog, 'accept-button').click();
    await waitUntil(() => part(dialog, 'hang-up-button'));
    expect(shown(ben)).to.equal(dialog);
    expect(section.textContent).to.include('Connecting');
    expect(part(dialog, 'accept-button') ?? part(dialog, 'decline-button')).to.equal(null);
    // The card as a whole, so that a key that is still pressed does not hang up.
    expect(dialog.shadowRoot!.activeElement).to.equal(section);
    await viewOf(rings);
    expect(dialog.isConnected).to.equal(false);
  });

  it('can be ended from its card while it connects', async () => {
    const { ben, dialog } = await ring();
    button(dialog, 'accept-button').click();
    await waitUntil(() => part(dialog, 'hang-up-button'));
    const second = new MouseEvent('click', { bubbles: true, detail: 2 });
    part(dialog, 'hang-up-button')!.dispatchEvent(second);
    expect(ben.service.$call.get().status).not.to.equal('ended');
    dialog.addEventListener('call-hang-up', (event) => event.preventDefault(), { once: true });
    part(dialog, 'hang-up-button')!.click();
    expect(ben.service.$call.get().status).not.to.equal('ended');
    part(dialog, 'hang-up-button')!.click();
    await waitUntil(() => ['ended', 'idle'].includes(ben.service.$call.get().status));
  });

  it('moves the focus of the keyboard to the window, which can be used during the motion', async () => {
    const rings = await ring();
    button(rings.dialog, 'accept-button').focus();
    await sendKeys({ press: 'Enter' });
    const { motion } = await viewOf(rings);
    await waitUntil(() => shown(rings.ben)?.shadowRoot?.activeElement?.matches('.stage'));
    expect(motion.playState).to.equal('paused');
    button(shown(rings.ben)!, 'hang-up-button').click();
    await waitUntil(() => rings.ben.service.$call.get().status !== 'active');
  });

  it('is shown without motion in a group, whose first pictures are decoded at this moment', async () => {
    const rings = await ring('chen');
    button(rings.dialog, 'accept-button').click();
    expect(motionsOf(await stageOf(rings))).to.deep.equal([]);
  });

  it('is a sheet that comes from below on phones', async () => {
    await setViewport({ width: 390, height: 780 });
    const rings = await ring();
    button(rings.dialog, 'accept-button').click();
    const { stage, motion } = await viewOf(rings);
    expect(stage.getBoundingClientRect().top).to.be.closeTo(780, 1);
    motion.finish();
    expect(stage.getBoundingClientRect().top).to.equal(0);
  });

  it('only fades with reduced motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const rings = await ring();
    button(rings.dialog, 'accept-button').click();
    const { stage } = await viewOf(rings);
    const { opacity, translate, scale } = getComputedStyle(stage);
    expect([opacity, translate, scale]).to.deep.equal(['0', 'none', 'none']);
  });
});
