import { expect } from '@open-wc/testing';
import { FakeProvider } from '../../../test/support/fake-provider.js';
import { incoming, NO_MEDIA, ongoing, outgoing } from '../../../test/support/fake-service.js';
import { ContextRequestEvent, type CallHost } from '../shared/context.js';
import type { SessionActions, SessionCall } from './call-media-session.js';
import { startCallPage } from './call-page.js';

if (!customElements.get('fake-provider')) customElements.define('fake-provider', FakeProvider);

function createPage() {
  const provider = document.createElement('fake-provider') as FakeProvider;
  provider.lang = 'en';
  document.body.append(provider);
  let host!: CallHost;
  provider.dispatchEvent(new ContextRequestEvent((value) => (host = value)));
  const shown = {
    title: '',
    icon: false,
    vibrates: false,
    awake: false,
    asks: false,
    session: undefined as SessionCall | undefined,
  };
  let actions!: SessionActions;
  startCallPage(host, {
    marks: {
      set: (_, mark) => {
        shown.title = mark?.prefix ?? '';
        shown.icon = !!mark?.icon;
      },
    },
    vibration: { set: (on) => void (shown.vibrates = on) },
    wakeLock: { set: (on) => void (shown.awake = on) },
    confirmation: { set: (on) => void (shown.asks = on) },
    session: (given) => {
      actions = given;
      return { show: (call) => void (shown.session = call) };
    },
  });
  return { provider, service: provider.service, shown, actions };
}
const nothing = {
  ...{ title: '', icon: false, vibrates: false, awake: false, asks: false, session: undefined },
};
const withCamera = () => {
  const call = ongoing({ callType: 'video' });
  return { ...call, members: call.members!.map((member) => ({ ...member, camera: true })) };
};

describe('startCallPage', () => {
  afterEach(() => document.querySelector('fake-provider')?.remove());

  it('does nothing without a call', () => {
    expect(createPage().shown).to.deep.equal(nothing);
  });

  it('marks the page and vibrates while a call rings', () => {
    const { service, shown } = createPage();
    service.show(incoming());
    expect(shown).to.deep.equal({
      ...nothing,
      ...{ title: '🔔 Ben Ortiz is calling – ', icon: true, vibrates: true },
    });
  });

  it('marks the page and shows a media session while it calls', () => {
    const { service, shown } = createPage();
    service.show(outgoing());
    expect(shown).to.deep.equal({
      ...nothing,
      ...{ title: '📞 ', icon: true },
      session: { title: 'Ben Ortiz', artist: 'Voice call', microphone: false, camera: false },
    });
  });

  it('asks before the page is closed in a call, and keeps the screen on while there is video', () => {
    const { service, shown } = createPage();
    service.show(ongoing());
    expect(shown).to.deep.include({ asks: true, awake: false });
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on', camera: 'on' });
    expect(shown.session).to.deep.include({ microphone: true, camera: true });
    service.show(withCamera());
    expect(shown.awake).to.equal(true);
    expect(shown.session?.artist).to.equal('Video call');
  });

  for (const status of ['ended', 'idle'] as const) {
    it(`clears everything when the call is ${status}`, () => {
      const { service, shown } = createPage();
      service.show(withCamera());
      service.show({ ...withCamera(), status });
      expect(shown).to.deep.equal(nothing);
    });
  }

  it('does nothing that the configuration switches off', () => {
    const { provider, service, shown } = createPage();
    provider.config.page = {
      ...{ markTitle: false, markIcon: false, vibrate: false },
      ...{ wakeLock: false, mediaSession: false, confirmClose: false },
    };
    service.show(incoming());
    expect(shown).to.deep.equal(nothing);
    service.show(withCamera());
    expect(shown).to.deep.equal(nothing);
  });

  it('hangs up, unless the page prevents it', () => {
    const { provider, service, actions } = createPage();
    service.show(ongoing());
    const requests: string[] = [];
    const prevent = (event: Event): void => {
      requests.push(event.type);
      event.preventDefault();
    };
    provider.addEventListener('call-hang-up', prevent);
    actions.hangup();
    expect(requests).to.deep.equal(['call-hang-up']);
    expect(service.commands).to.deep.equal([]);
    provider.removeEventListener('call-hang-up', prevent);
    actions.hangup();
    expect(service.commands).to.deep.equal([['hangUp']]);
  });

  it('cancels an outgoing call', () => {
    const { service, actions } = createPage();
    service.show(outgoing());
    actions.hangup();
    expect(service.commands).to.deep.equal([['cancel']]);
  });

  it('toggles microphone and camera', () => {
    const { service, actions } = createPage();
    service.show(ongoing());
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on' });
    actions.togglemicrophone();
    actions.togglecamera();
    expect(service.commands).to.deep.equal([
      ['setMicrophone', false],
      ['setCamera', true],
    ]);
  });
});
