import { expect } from '@open-wc/testing';
import type { WritableAtom } from 'nanostores';
import { NO_CALL, ongoing } from '../../../test/support/fake-service.js';
import { createPhones, shown } from '../../../test/support/provider-fixture.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import { CallInvitationProvider } from './call-invitation-provider.js';

defineOnce('call-invitation-provider', CallInvitationProvider);

/** More updates than a provider needs. */
const MANY = 50;

const ended: CallSnapshot = {
  ...NO_CALL,
  ...ongoing({ callID: 'c1', status: 'ended', endReason: 'hung-up' }),
};

/** A provider without a call that shows ends of calls. An endless series of updates fails, instead of freezing the page. */
async function idleProvider() {
  const provider = await createPhones().phone('ann');
  const requests = { count: 0 };
  const requestUpdate = provider.requestUpdate.bind(provider);
  provider.requestUpdate = (...args) => {
    if (++requests.count > MANY) throw new Error('endless updates');
    requestUpdate(...args);
  };
  const $endedCall = provider.service.$endedCall as WritableAtom<CallSnapshot | undefined>;
  return { provider, requests, show: (call?: CallSnapshot) => $endedCall.set(call) };
}

// `<ongoing-call-view>` is not defined yet. The last test defines it, so it must stay the last.
describe('the code of the view of the running call', () => {
  it('is not waited for when the end of a call is no longer shown', async () => {
    const { provider, requests, show } = await idleProvider();
    show(ended);
    await provider.updateComplete;
    expect(shown(provider)?.localName).to.equal('minimal-call-view');
    show(undefined);
    await import('../ongoing-call-view/ongoing-call-view.js');
    await waitUntil(() => !shown(provider));
    expect(customElements.get('ongoing-call-view')).to.equal(undefined);
    expect(requests.count).to.be.at.most(MANY);
  });

  it('is loaded for the end of a call', async () => {
    const { provider, requests, show } = await idleProvider();
    show(ended);
    await waitUntil(() => shown(provider)?.localName === 'ongoing-call-view');
    expect(requests.count).to.be.at.most(MANY);
  });
});
