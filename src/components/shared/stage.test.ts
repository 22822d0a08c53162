import { expect, html } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import { inProvider } from '../../../test/support/elements.js';
import { NO_MEDIA, member, ongoing, outgoing, user } from '../../../test/support/fake-service.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { MinimalCallView } from '../minimal-call-view/minimal-call-view.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { OutgoingCallDialog } from '../outgoing-call-dialog/outgoing-call-dialog.js';
import type { CallElement } from './call-element.js';
import { defineOnce } from './define-once.js';

defineOnce('outgoing-call-dialog', OutgoingCallDialog);
defineOnce('ongoing-call-view', OngoingCallView);
defineOnce('minimal-call-view', MinimalCallView);

const ended = { status: 'ended', endReason: 'hung-up' } as const;
const muted = { ...NO_MEDIA, microphone: 'on', microphoneMutedBySystem: true } as const;

/** All states of a call, from the first ring to the end, with a note in some of them. */
const states: readonly (readonly [tag: string, call: Partial<CallSnapshot>, note?: true])[] = [
  ['outgoing-call-dialog', outgoing('inviting')],
  ['outgoing-call-dialog', outgoing('unreachable'), true],
  ['outgoing-call-dialog', outgoing('ringing', { status: 'ringing-out' })],
  ['minimal-call-view', ongoing({ status: 'connecting', startedAt: undefined })],
  ['ongoing-call-view', ongoing({ status: 'connecting', startedAt: undefined })],
  ['ongoing-call-view', ongoing()],
  ['ongoing-call-view', ongoing(), true],
  ['ongoing-call-view', ongoing({ status: 'reconnecting' })],
  ['ongoing-call-view', ongoing(ended)],
];

const templates: Readonly<Record<string, ReturnType<typeof html>>> = {
  'outgoing-call-dialog': html`<outgoing-call-dialog in-layer></outgoing-call-dialog>`,
  'minimal-call-view': html`<minimal-call-view in-layer></minimal-call-view>`,
  'ongoing-call-view': html`<ongoing-call-view in-layer></ongoing-call-view>`,
};

/** Shows each state, and reads something of it. */
async function inEachState<T>(
  callType: 'voice' | 'video',
  read: (root: ShadowRoot) => T,
): Promise<T[]> {
  const results: T[] = [];
  for (const [tag, call, note] of states) {
    const { element, service, show } = await inProvider<CallElement>(templates[tag]!);
    if (note) service.$localMedia.set(muted);
    await show({ ...call, callType });
    results.push(read(element.shadowRoot!));
    element.remove();
  }
  return results;
}

const boxOf = (element: Element | null): string => {
  const { left, top, width, height } = element!.getBoundingClientRect();
  return [left, top, width, height].map(Math.round).join(' ');
};

describe('the view of a call', () => {
  before(() => emulateMedia({ reducedMotion: 'reduce' }));
  after(async () => {
    await emulateMedia({ reducedMotion: 'no-preference' });
    await setViewport({ width: 800, height: 600 });
  });

  for (const [width, height] of [
    [390, 780],
    [1280, 800],
    [844, 390],
  ] as const) {
    for (const callType of ['voice', 'video'] as const)
      it(`has its controls at the same places until the end: ${callType}, ${width} × ${height}`, async () => {
        await setViewport({ width, height });
        const places = await inEachState(callType, (root) =>
          [...root.querySelectorAll('.controls > *')].map(boxOf).join('\n'),
        );
        const afterTheEnd = places.pop()?.split('\n');
        expect(afterTheEnd, 'the slot for a message, and Close').to.have.length(2);
        expect(places[0]?.split('\n')).to.have.length(5);
        expect(new Set(places).size).to.equal(1);
      });

    it(`has avatar and name at one height from the first ring to the end: ${width} × ${height}`, async () => {
      await setViewport({ width, height });
      const places = await inEachState('voice', (root) =>
        ['.centre .avatar', '.centre .name', '.centre .status']
          .map((selector) => root.querySelector(selector)!.getBoundingClientRect())
          .map(({ top }) => Math.round(top))
          .join(' '),
      );
      expect(new Set(places).size, places.join(', ')).to.equal(1);
    });
  }

  it('isolates each name of a list, so that its script does not change the order', async () => {
    const names = ['ليلى حسن', 'Ben Ortiz', 'נועה'];
    const members = names.map((name, index) => member(user(`u${index}`, name), 'ringing'));
    const { element, show } = await inProvider<CallElement>(templates['outgoing-call-dialog']!);
    await show(outgoing('ringing', { group: true, members }));
    const isolated = [...element.shadowRoot!.querySelectorAll('.name bdi')];
    expect(isolated.map(({ textContent }) => textContent)).to.deep.equal(names);
    const edges = isolated.map((each) => each.getBoundingClientRect());
    expect(edges.every(({ top }, index) => index === 0 || top >= edges[index - 1]!.top)).to.equal(
      true,
    );
  });
});
