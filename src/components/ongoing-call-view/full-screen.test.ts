import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { expectAccessible, inProvider } from '../../../test/support/elements.js';
import { ongoing } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineOnce } from '../shared/define-once.js';
import { FullScreen } from './full-screen.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

async function wide() {
  const fixture = await inProvider<OngoingCallView>(
    html`<ongoing-call-view></ongoing-call-view>`,
    ({ style }) =>
      Object.assign(style, { display: 'block', inlineSize: '600px', blockSize: '400px' }),
  );
  await fixture.show(ongoing());
  const button = (): HTMLButtonElement =>
    fixture.element.shadowRoot!.querySelector<HTMLButtonElement>('.full-screen')!;
  return { ...fixture, button };
}
/** Presses the button as a user does: browsers require it. */
async function press(button: HTMLButtonElement): Promise<void> {
  button.focus();
  await sendKeys({ press: 'Enter' });
}

describe('full screen', () => {
  it('starts with the button, and ends with it', async () => {
    const { element, button } = await wide();
    expect(button().getAttribute('aria-label')).to.equal('Full screen');
    await press(button());
    await waitUntil(() => element.matches(':fullscreen'));
    await waitUntil(() => button().getAttribute('aria-label') === 'Exit full screen');
    expect(element.offsetWidth).to.equal(innerWidth);
    await expectAccessible(element);
    await press(button());
    await waitUntil(() => !element.matches(':fullscreen'));
    await waitUntil(() => button().getAttribute('aria-label') === 'Full screen');
  });

  for (const [what, end] of [
    [
      'the call ends',
      ({ show }: Awaited<ReturnType<typeof wide>>) => show(ongoing({ status: 'ended' })),
    ],
    [
      'the view is minimised',
      async ({ element }: Awaited<ReturnType<typeof wide>>) => {
        element.minimised = true;
      },
    ],
    [
      'the view is removed',
      async ({ element }: Awaited<ReturnType<typeof wide>>) => element.remove(),
    ],
  ] as const) {
    it(`ends when ${what}`, async () => {
      const fixture = await wide();
      await press(fixture.button());
      await waitUntil(() => document.fullscreenElement !== null);
      await end(fixture);
      await waitUntil(() => document.fullscreenElement === null);
    });
  }

  it('is not offered where the view is narrow, or the browser does not support it', async () => {
    const { provider, element, button } = await wide();
    expect(button().offsetWidth).to.equal(44);
    provider.style.inlineSize = '380px';
    await waitUntil(() => button().offsetWidth === 0);
    expect(new FullScreen(element, {}).isAvailable).to.equal(false);
  });
});
