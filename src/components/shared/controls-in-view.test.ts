import { expect, html } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import { inProvider } from '../../../test/support/elements.js';
import {
  NO_MEDIA,
  incoming,
  member,
  ongoing,
  outgoing,
  user,
} from '../../../test/support/fake-service.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { IncomingCallDialog } from '../incoming-call-dialog/incoming-call-dialog.js';
import { MinimalCallView } from '../minimal-call-view/minimal-call-view.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { OutgoingCallDialog } from '../outgoing-call-dialog/outgoing-call-dialog.js';
import type { CallElement } from './call-element.js';
import { defineOnce } from './define-once.js';

defineOnce('outgoing-call-dialog', OutgoingCallDialog);
defineOnce('ongoing-call-view', OngoingCallView);
defineOnce('minimal-call-view', MinimalCallView);
defineOnce('incoming-call-dialog', IncomingCallDialog);

/** Phones in both directions, small windows, and 1280 × 1024 pixels at a zoom of 400 %. */
const SIZES = ['667x375', '480x260', '320x480', '360x640', '844x390', '320x256', '1280x800'];
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'a name of 40 letters': ['Wolfeschlegelsteinhausenbergerdorff-Meyer'],
  'a name of 92 letters': ['Bartholomew '.repeat(8).slice(0, 92)],
  'a name of 120 letters without a space': ['x'.repeat(120)],
  'a group': ['Ben Ortiz', 'Chen Li', 'y'.repeat(92), 'Dora Meier'],
};

const ann = user('ann', 'Ann Berg');
const members = (names: readonly string[], state: 'accepted' | 'unreachable') => [
  member(ann, 'accepted', { self: true, microphone: true }),
  ...names.map((name, index) => member(user(`u${index}`, name), state, { microphone: true })),
];

/** Expects that each control is inside the viewport, and that no other one covers it. */
function expectInView(element: Element, selector = 'button'): void {
  const controls = [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])].filter(
    (control) => control.checkVisibility(),
  );
  expect(controls).not.to.have.length(0);
  for (const control of controls) {
    const { left, top, right, bottom } = control.getBoundingClientRect();
    const name = control.getAttribute('part') ?? control.className;
    const box = `${name}: ${left} ${top} ${right} ${bottom}`;
    expect(left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight, box).to.equal(
      true,
    );
    expect(right - left, box).to.be.at.least(44);
    expect(bottom - top, box).to.be.at.least(44);
    const found = element.shadowRoot?.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    expect(control.contains(found ?? null), `${box} is covered by ${found?.className}`).to.equal(
      true,
    );
  }
}

describe('the controls of a call are inside the window', () => {
  // Otherwise, the boxes would be measured in the middle of an animation.
  before(() => emulateMedia({ reducedMotion: 'reduce' }));
  after(async () => {
    await emulateMedia({ reducedMotion: 'no-preference' });
    await setViewport({ width: 800, height: 600 });
  });

  for (const size of SIZES)
    for (const [kind, names] of Object.entries(NAMES))
      it(`at ${size} with ${kind}`, async () => {
        const [width = 0, height = 0] = size.split('x').map(Number);
        await setViewport({ width, height });
        const stage = async <T extends CallElement>(
          template: ReturnType<typeof html>,
          call: Partial<CallSnapshot>,
        ): Promise<T> => {
          const { element, service, provider, show } = await inProvider<T>(template);
          provider.config = { callWaiting: true };
          service.$localMedia.set({ ...NO_MEDIA, microphone: 'on', camera: 'unavailable' });
          await show({ group: names.length > 1, ...call });
          return element;
        };
        const [caller] = members(names, 'accepted').slice(1);
        const card = await stage<IncomingCallDialog>(
          html`<incoming-call-dialog in-layer></incoming-call-dialog>`,
          incoming({ callType: 'video', inviter: caller, members: members(names, 'accepted') }),
        );
        expectInView(card, '.answers [part~=accept-button], .answers [part~=decline-button]');
        const name = card.shadowRoot!.querySelector('.name')!.getBoundingClientRect();
        expect(name.top).to.be.at.least(0);
        card.remove();

        const dialog = await stage<OutgoingCallDialog>(
          html`<outgoing-call-dialog in-layer></outgoing-call-dialog>`,
          outgoing('unreachable', { callType: 'video', members: members(names, 'unreachable') }),
        );
        expectInView(dialog, '.controls button');
        dialog.remove();

        const inCall = ongoing({ callType: 'video', members: members(names, 'accepted') });
        const minimal = await stage(html`<minimal-call-view in-layer></minimal-call-view>`, inCall);
        expectInView(minimal, '.controls button');
        minimal.remove();

        const view = await stage<OngoingCallView>(
          html`<ongoing-call-view in-layer></ongoing-call-view>`,
          inCall,
        );
        expectInView(view, '.controls button, .top button');
        view.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]')?.click();
        await view.updateComplete;
        expectInView(view, '.controls button, .panel .close');
        const panel = view.shadowRoot?.querySelector('.panel')?.getBoundingClientRect();
        expect(panel!.bottom).to.be.at.most(innerHeight);
        expect(panel!.left).to.be.at.least(0);
      });
});
