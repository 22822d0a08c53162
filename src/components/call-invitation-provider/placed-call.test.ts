import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { button } from '../../../test/support/elements.js';
import { createPhones, shown, waitForStatus } from '../../../test/support/provider-fixture.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from '../shared/define-once.js';
import { CallInvitationProvider } from './call-invitation-provider.js';

defineOnce('call-invitation-provider', CallInvitationProvider);
defineOnce('ongoing-call-view', OngoingCallView);

interface Call {
  readonly ann: CallInvitationProvider;
  readonly ben: CallInvitationProvider;
  readonly dialog: HTMLElement;
}

/** Ann calls Ben, whose phone rings. */
async function place(content: unknown = ''): Promise<Call> {
  const phones = createPhones();
  const ann = await phones.phone('ann', content);
  const ben = await phones.phone('ben');
  await ann.service.send({ invitees: ['ben'], callType: 'voice' });
  await waitForStatus(ben, 'incoming');
  await waitForStatus(ann, 'ringing-out');
  return { ann, ben, dialog: shown(ann)! };
}

const part = (element: HTMLElement, name: string): HTMLElement | null =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part=${name}]`);

describe('a placed call that is answered', () => {
  it('is shown by its dialog while it connects, with a button to hang up in the place of Cancel', async () => {
    const { ann, ben, dialog } = await place();
    await ben.service.accept();
    await waitUntil(() => part(dialog, 'hang-up-button'));
    expect(shown(ann)).to.equal(dialog);
    expect(dialog.shadowRoot!.textContent).to.include('Connecting');
    expect(part(dialog, 'cancel-button')).to.equal(null);
    await waitUntil(() => shown(ann)?.localName === 'ongoing-call-view');
    expect(dialog.isConnected).to.equal(false);
  });

  it('is shown at once by an element of the page', async () => {
    const { ann, ben } = await place(html`<div slot="ongoing">A view of the page</div>`);
    await ben.service.accept();
    await waitUntil(() => ['connecting', 'active'].includes(ann.service.$call.get().status));
    await ann.updateComplete;
    expect(ann.shadowRoot!.querySelector('slot[name=ongoing]')).to.exist;
    expect(shown(ann)).to.equal(undefined);
  });

  it('is hung up, not cancelled, while it connects', async () => {
    const { ann, ben, dialog } = await place();
    const requests: string[] = [];
    for (const name of ['call-cancel', 'call-hang-up'])
      dialog.addEventListener(name, () => requests.push(name));
    await ben.service.accept();
    await waitUntil(() => part(dialog, 'hang-up-button'));
    button(dialog, 'hang-up-button').click();
    await waitUntil(() => ['ended', 'idle'].includes(ann.service.$call.get().status));
    expect(requests).to.deep.equal(['call-hang-up']);
  });
});
