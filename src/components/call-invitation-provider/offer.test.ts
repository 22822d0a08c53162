import { expect, fixture, html } from '@open-wc/testing';
import { FakeService, NO_CALL } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { NotificationAsk } from '../shared/notification-ask.js';
import { offerNotifications } from './offer.js';

describe('offerNotifications', () => {
  const talk = (service: FakeService): void => {
    for (const status of ['calling', 'active', 'ended', 'idle'] as const) {
      const startedAt = status === 'calling' || status === 'idle' ? undefined : 1;
      service.$call.set({ ...NO_CALL, status, startedAt });
    }
  };
  const card = (place: HTMLElement) => place.querySelector('notification-offer');

  async function stage({ wanted = true, noDefaultUI = false, serviceWorker = '' } = {}) {
    localStorage.removeItem('ringkit notifications declined');
    const renderRoot = await fixture<HTMLElement>(html`<div></div>`);
    const service = new FakeService();
    const provider = Object.assign(document.createElement('div'), {
      ...{ renderRoot, noDefaultUI, serviceWorker },
    });
    let ask = new NotificationAsk();
    const start = () => offerNotifications(provider, service, () => wanted, ask);
    /** Loads the page again. */
    const reload = () => (ask = new NotificationAsk());
    return { renderRoot, service, start, reload, ask };
  }

  it('shows the offer after the first call that was active, not before, and not after other calls', async () => {
    const { renderRoot, service, start } = await stage();
    const stop = start();
    for (const status of ['calling', 'ended', 'idle'] as const)
      service.$call.set({ ...NO_CALL, status });
    talk(service);
    await waitUntil(() => card(renderRoot));
    expect(renderRoot.querySelectorAll('notification-offer')).to.have.length(1);
    stop();
    expect(card(renderRoot)).to.equal(null);
  });

  it('asks the browser, and enables push if there is a worker, only after the user accepts', async () => {
    const { renderRoot, service, start } = await stage({ serviceWorker: '/worker.js' });
    const stop = start();
    talk(service);
    await waitUntil(() => card(renderRoot));
    expect(service.commands).to.deep.equal([]);
    card(renderRoot)?.dispatchEvent(new Event('offer-accept'));
    await waitUntil(() => service.commands.length === 2);
    expect(service.commands.map(([name]) => name)).to.deep.equal([
      'enableNotifications',
      'enablePush',
    ]);
    expect(card(renderRoot)).to.equal(null);
    stop();
  });

  it('waits until the end of the call is no longer shown, and no other place asks meanwhile', async () => {
    const { renderRoot, service, start, ask } = await stage();
    const list = { onAskChanged: () => {} };
    ask.set(list, true);
    const stop = start();
    service.$endedCall.set({ ...NO_CALL, status: 'ended', startedAt: 1 });
    talk(service);
    expect(card(renderRoot)).to.equal(null);
    expect(ask.isAsking(list)).to.equal(true);
    service.$endedCall.set(undefined);
    expect(card(renderRoot)).not.to.equal(null);
    expect(ask.isAsking(list)).to.equal(false);
    service.$call.set({ ...NO_CALL, status: 'incoming' });
    expect(ask.isAsking(list)).to.equal(true);
    stop();
  });

  for (const [answer, event] of [
    ['Not now', 'offer-dismiss'],
    ['Turn on', 'offer-accept'],
  ] as const)
    it(`lets no other place of the page ask after "${answer}"`, async () => {
      const { renderRoot, service, start, ask } = await stage();
      let changes = 0;
      const list = { onAskChanged: () => (changes += 1) };
      ask.set(list, true);
      const stop = start();
      talk(service);
      await waitUntil(() => card(renderRoot));
      changes = 0;
      card(renderRoot)?.dispatchEvent(new Event(event));
      expect(ask.isAsking(list)).to.equal(false);
      expect(changes).to.be.greaterThan(0);
      stop();
    });

  it('is not shown after the user has answered in another place of the page', async () => {
    const { renderRoot, service, start, ask } = await stage();
    const stop = start();
    ask.answer();
    talk(service);
    await new Promise(requestAnimationFrame);
    expect(card(renderRoot)).to.equal(null);
    stop();
  });

  it('closes for a call, and is not shown again after "not now"', async () => {
    const { renderRoot, service, start, reload } = await stage();
    let stop = start();
    talk(service);
    await waitUntil(() => card(renderRoot));
    service.$call.set({ ...NO_CALL, status: 'incoming' });
    expect(card(renderRoot)).to.equal(null);
    talk(service);
    await waitUntil(() => card(renderRoot));
    card(renderRoot)?.dispatchEvent(new Event('offer-dismiss'));
    expect(card(renderRoot)).to.equal(null);
    talk(service);
    stop();
    reload();
    stop = start();
    talk(service);
    await new Promise(requestAnimationFrame);
    expect(card(renderRoot)).to.equal(null);
    stop();
  });

  for (const [why, options] of [
    ['notifications are already allowed, or not wanted', { wanted: false }],
    ['the page shows its own elements', { noDefaultUI: true }],
  ] as const)
    it(`is not shown if ${why}`, async () => {
      const { renderRoot, service, start } = await stage(options);
      const stop = start();
      talk(service);
      await new Promise(requestAnimationFrame);
      expect(card(renderRoot)).to.equal(null);
      stop();
    });

  it('is not shown by a provider that has left the document during the call', async () => {
    const { renderRoot, service, start } = await stage();
    const stop = start();
    renderRoot.remove();
    talk(service);
    expect(card(renderRoot)).to.equal(null);
    stop();
  });
});
