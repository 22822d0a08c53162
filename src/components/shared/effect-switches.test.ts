import { expect, html } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { expectAccessible, inProvider } from '../../../test/support/elements.js';
import { ongoing } from '../../../test/support/fake-service.js';
import type { EffectState } from '../../core/ports/media-effects.js';
import { CallError } from '../../core/service/call-error.js';
import { CallSettings } from '../call-settings/call-settings.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from './define-once.js';
import type { CallElement } from './call-element.js';

defineOnce('call-settings', CallSettings);
defineOnce('ongoing-call-view', OngoingCallView);

const effect = (name: string, more: Partial<EffectState> = {}): EffectState => ({
  ...{ name, kind: 'video', label: undefined, enabled: false, failed: false },
  ...more,
});

const EFFECTS = [
  effect('noise', { kind: 'audio', enabled: true }),
  effect('background-blur'),
  effect('hat', { label: 'Wear a hat', failed: true }),
];

/** The switches of effects. `<call-settings>` has another one, for do-not-disturb. */
const switches = (element: CallElement): HTMLInputElement[] =>
  [...(element.shadowRoot?.querySelectorAll<HTMLInputElement>('[role=switch]') ?? [])].filter(
    ({ name }) => name !== 'do-not-disturb',
  );
const labels = (element: CallElement): string[] =>
  switches(element).map((input) => {
    const text = input.closest('label')?.querySelector('span')?.textContent ?? '';
    return `${text}: ${input.checked}`;
  });

async function inSettings() {
  const stage = await inProvider<CallElement>(html`<call-settings></call-settings>`);
  stage.service.$effects.set(EFFECTS);
  await stage.element.updateComplete;
  return stage;
}

async function inView() {
  const stage = await inProvider<CallElement>(html`<ongoing-call-view></ongoing-call-view>`);
  stage.service.$effects.set(EFFECTS);
  await stage.show(ongoing());
  stage.element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]')?.click();
  await stage.element.updateComplete;
  return stage;
}

describe('the device panel with switches', () => {
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('covers no control of a call in a small view', async () => {
    await setViewport({ width: 320, height: 568 });
    const { element, provider, service } = await inView();
    const device = { deviceId: 'one', groupId: '', label: 'A device', toJSON: () => ({}) };
    service.$devices.set({
      microphones: [{ ...device, kind: 'audioinput' }],
      cameras: [{ ...device, kind: 'videoinput' }],
      speakers: [{ ...device, kind: 'audiooutput' }],
      selected: {},
    });
    await element.updateComplete;
    Object.assign(provider.style, { display: 'block', inlineSize: '320px', blockSize: '560px' });
    const panel = element.shadowRoot?.querySelector('#devices');
    const controls = element.shadowRoot?.querySelector('[part~="hang-up-button"]');
    expect(panel?.getBoundingClientRect().bottom).to.be.at.most(
      controls?.getBoundingClientRect().top ?? 0,
    );
    expect(panel?.scrollHeight).to.be.greaterThan(panel?.clientHeight ?? 0);
    await expectAccessible(element);
  });
});

for (const [where, open] of [
  ['<call-settings>', inSettings],
  ['the device panel', inView],
] as const)
  describe(`switches of effects in ${where}`, () => {
    it('are there for each effect, and say which one has failed', async () => {
      const { element, service } = await open();
      expect(labels(element)).to.have.members([
        'Remove background noise: true',
        'Blur my background: false',
        'Wear a hat: false',
      ]);
      const failed = element.shadowRoot?.querySelectorAll('.detail') ?? [];
      expect([...failed].map((text) => text.textContent)).to.deep.equal([
        'This did not work, so it was switched off.',
      ]);
      await expectAccessible(element);
      service.$effects.set([]);
      await element.updateComplete;
      expect(switches(element)).to.be.empty;
    });

    it('switch an effect, and show its real state after a failure', async () => {
      const { element, service } = await open();
      const blur = switches(element).find(({ name }) => name === 'background-blur');
      blur?.click();
      expect(service.commands.at(-1)).to.deep.equal(['setEffect', 'background-blur', true]);
      service.failure = new CallError('destroyed');
      blur?.click();
      blur?.click();
      await new Promise((resolve) => setTimeout(resolve));
      await element.updateComplete;
      expect(blur?.checked).to.equal(false);
    });
  });
