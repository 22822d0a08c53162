import { expect, fixture, html } from '@open-wc/testing';
import { button, expectAccessible } from '../../../test/support/elements.js';
import {
  QUIET,
  createPhones,
  waitForStatus,
  shown,
} from '../../../test/support/provider-fixture.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { createWebLockBusy } from '../../core/tabs/web-lock-busy.js';
import type { CallError } from '../../core/service/call-error.js';
import type { InvitationEvents } from '../../core/service/callback-types.js';
import { InviteToCallButton } from '../invite-to-call-button/invite-to-call-button.js';
import { defineOnce } from '../shared/define-once.js';
import { CallInvitationProvider } from './call-invitation-provider.js';

// Created and set before the element is defined, as pages and frameworks do.
const early = document.createElement('call-invitation-provider');
early.userID = 'early';
early.config = { invitationTimeoutSeconds: 7, ...QUIET };
const tooEarly = document.createElement('call-invitation-provider');
tooEarly.setAttribute('config', '[object Object]');
defineOnce('call-invitation-provider', CallInvitationProvider);
defineOnce('invite-to-call-button', InviteToCallButton);

const errorsOf = (provider: CallInvitationProvider): CallError[] => {
  const errors: CallError[] = [];
  provider.addEventListener('error', ({ error }) => errors.push(error as CallError));
  return errors;
};

describe('<call-invitation-provider>', () => {
  let phones: ReturnType<typeof createPhones>;
  beforeEach(() => (phones = createPhones()));

  it('has a service from the upgrade on, and is signed out without a user', async () => {
    const provider = document.createElement('call-invitation-provider');
    const { service } = provider;
    expect(service.$connection.get()).to.equal('offline');
    document.body.append(provider);
    await provider.updateComplete;
    expect(service.$connection.get()).to.equal('offline');
    provider.transport = phones.transport();
    provider.userID = 'ann';
    await waitUntil(() => service.$connection.get() === 'connected');
    expect(provider.service).to.equal(service);
    provider.userID = null;
    await waitUntil(() => service.$connection.get() === 'offline');
    provider.remove();
  });

  it('knows from its sign-in on that another page of this user is in a call', async () => {
    const userID = `ann-${crypto.randomUUID()}`;
    const other = createWebLockBusy(`local: ${userID}`)!;
    other.open(() => {});
    other.hold('c1');
    await waitUntil(async () => {
      const { held = [] } = await navigator.locks.query();
      return held.some(({ name }) => name?.includes(userID));
    });
    const ann = await phones.phone(userID);
    // Resolved after the query that the provider made at sign-in.
    await navigator.locks.query();
    const failure = await ann.service.send({ invitees: ['ben'], callType: 'voice' }).then(
      () => undefined,
      (error: unknown) => (error as CallError).code,
    );
    expect(failure).to.equal('busy');
    other.close();
  });

  it('has no box of its own', async () => {
    const provider = await phones.phone('ann', html`<p>page</p>`);
    expect(getComputedStyle(provider).display).to.equal('contents');
    expect(provider.querySelector('p')?.assignedSlot).not.to.equal(null);
  });

  it('shows the invite button of the page in the bar of the call', async () => {
    const ann = await phones.phone(
      'ann',
      html`<invite-to-call-button slot="invite" people="chen"></invite-to-call-button>`,
    );
    const ben = await phones.phone('ben');
    ben.noDefaultUI = true;
    ann.config = { ...QUIET, inCalling: { canInvitingInCalling: true } };
    const invite = ann.querySelector('invite-to-call-button')!;
    expect(invite.getBoundingClientRect().width).to.equal(0);
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    await ben.service.accept();
    await waitForStatus(ann, 'active');
    await waitUntil(() => invite.getBoundingClientRect().width > 0);
    const view = shown(ann)!;
    const at = invite.getBoundingClientRect();
    const minimise = view.shadowRoot!.querySelector('.minimise')!.getBoundingClientRect();
    expect([at.top, at.height]).to.deep.equal([minimise.top, minimise.height]);
    expect(view.getAttribute('exportparts')).to.contain('waiting-tile');
    await ann.service.hangUp();
    await waitForStatus(ben, 'ended');
  });

  it('keeps properties that were set before the element was defined', async () => {
    const transport = phones.transport();
    early.transport = transport;
    document.body.append(early);
    await early.updateComplete;
    expect(transport.opened.map(({ userID }) => userID)).to.deep.equal(['early']);
    expect(early.config?.invitationTimeoutSeconds).to.equal(7);
    early.remove();
  });

  it('reports an object that a framework set as an attribute', async () => {
    const functions: unknown[] = [];
    tooEarly.invitationEvents = { onError: (error) => functions.push(error) };
    const errors = errorsOf(tooEarly);
    document.body.append(tooEarly);
    await waitUntil(() => errors.length);
    expect(errors.map(({ code }) => code)).to.deep.equal(['invalid-argument']);
    expect(errors[0]?.message).to.contain('config="[object Object]"');
    expect(functions).to.deep.equal(errors);
    tooEarly.remove();
  });

  it('parses config as JSON, and keeps the old value if the JSON is invalid', async () => {
    const provider = await fixture<CallInvitationProvider>(
      html`<call-invitation-provider
        config='{"invitationTimeoutSeconds": 9}'
      ></call-invitation-provider>`,
    );
    const errors = errorsOf(provider);
    expect(provider.config).to.deep.equal({ invitationTimeoutSeconds: 9 });
    provider.setAttribute('config', '{bad');
    provider.setAttribute('config', '3');
    await waitUntil(() => errors.length === 2);
    expect(provider.config).to.deep.equal({ invitationTimeoutSeconds: 9 });
  });

  it('never reflects its token to an attribute', async () => {
    const provider = await phones.phone('ann');
    provider.token = 'secret';
    await provider.updateComplete;
    expect(provider.outerHTML).not.to.contain('secret');
  });

  it('requests the token at each connection', async () => {
    const provider = await phones.phone('ann');
    const transport = phones.transport();
    provider.token = async () => 'first';
    provider.transport = transport;
    await provider.updateComplete;
    const [identity] = transport.opened;
    expect(await identity?.token?.()).to.equal('first');
    provider.token = 'second';
    expect(await identity?.token?.()).to.equal('second');
  });

  it('connects immediately with another token, but not with the same one', async () => {
    const provider = await phones.phone('ann');
    let prompted = 0;
    const transport = { ...phones.transport(), reconnect: () => (prompted += 1) };
    provider.token = 'first';
    provider.transport = transport;
    await provider.updateComplete;
    // The token is requested when the connection starts.
    expect(prompted).to.equal(0);
    provider.token = 'second';
    await provider.updateComplete;
    expect(prompted).to.equal(1);
    provider.token = 'second';
    provider.userName = 'Annie';
    await provider.updateComplete;
    expect(prompted).to.equal(1);
    provider.token = () => 'third';
    await provider.updateComplete;
    expect(prompted).to.equal(2);
    expect(transport.opened).to.have.length(1);
  });

  it('signs in again only for a new user or transport', async () => {
    const provider = await phones.phone('ann');
    const first = provider.transport as ReturnType<typeof phones.transport>;
    Object.assign(provider, {
      config: { ...QUIET },
      invitationEvents: {},
      iceServers: [],
      texts: {},
      token: 'new',
      userName: 'Annie',
    });
    await provider.updateComplete;
    expect([first.opened.length, first.closed]).to.deep.equal([1, 0]);
    provider.userID = 'anna';
    await provider.updateComplete;
    expect(first.opened.map(({ userID }) => userID)).to.deep.equal(['ann', 'anna']);
    expect(first.opened[1]?.userName).to.equal('Annie');
    const second = phones.transport();
    provider.transport = second;
    await provider.updateComplete;
    expect(first.closed).to.equal(2);
    expect(second.opened).to.have.length(1);
  });

  it('does not sign in with an invalid user ID, and reports the error', async () => {
    const provider = await phones.phone('ann');
    const errors = errorsOf(provider);
    provider.userID = 'a b';
    await provider.updateComplete;
    expect(errors.map(({ code }) => code)).to.deep.equal(['invalid-argument']);
    expect(provider.service.$connection.get()).to.equal('offline');
  });

  it('reports why a server cannot be used', async () => {
    const provider = await fixture<CallInvitationProvider>(
      html`<call-invitation-provider signaling="ftp://nowhere.test"></call-invitation-provider>`,
    );
    const errors = errorsOf(provider);
    provider.userID = 'ann';
    await waitUntil(() => provider.service.$connection.get() === 'refused', 'refused');
    expect(errors.map(String)).to.deep.equal([
      'TypeError: A server\'s address starts with http, https, ws or wss: "ftp://nowhere.test".',
    ]);
  });

  it('rings in another tab of this browser by default', async () => {
    const name = crypto.randomUUID();
    const both = await Promise.all(
      ['ann', 'ben'].map((id) =>
        fixture<CallInvitationProvider>(
          html`<call-invitation-provider
            user-id=${id}
            signaling="local:${name}"
            .config=${QUIET}
          ></call-invitation-provider>`,
        ),
      ),
    );
    const [ann, ben] = both as [CallInvitationProvider, CallInvitationProvider];
    for (const { service } of both) {
      await waitUntil(() => service.$connection.get() === 'connected');
    }
    const { unreachable } = await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    expect(unreachable).to.deep.equal([]);
    await waitForStatus(ben, 'incoming');
    await ann.service.cancel();
  });

  it('keeps its call when it is moved, or returns to the document within a second', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    const place = document.createElement('div');
    document.body.append(place);
    place.append(ben);
    ben.remove();
    await new Promise((resolve) => setTimeout(resolve, 100));
    place.append(ben);
    await ben.updateComplete;
    expect(ben.service.$call.get().status).to.equal('incoming');
    expect(shown(ben)?.localName).to.equal('incoming-call-dialog');
    expect((ben.transport as ReturnType<typeof phones.transport>).closed).to.equal(0);
    await ann.service.cancel();
    place.remove();
  });

  it('leaves the call after a longer absence, and connects again when it is put back', async () => {
    const provider = await phones.phone('ann');
    const parent = provider.parentElement;
    const transport = provider.transport as ReturnType<typeof phones.transport>;
    provider.remove();
    await waitUntil(() => transport.closed === 1, 'closed');
    expect(provider.service.$connection.get()).to.equal('offline');
    parent?.append(provider);
    await waitUntil(() => provider.service.$connection.get() === 'connected');
    expect(transport.opened).to.have.length(2);
  });

  it('takes over the call of a removed provider of the same user', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    const ends: unknown[] = [];
    ann.service.$call.listen(({ status, endReason }) => {
      if (status === 'ended') ends.push(endReason);
    });
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    await ben.service.accept();
    await waitForStatus(ann, 'active');
    await waitForStatus(ben, 'active');
    const { callID } = ann.service.$call.get();
    const old = ben.transport as ReturnType<typeof phones.transport>;
    const oldID = ben.service.deviceID;
    ben.remove();
    const next = await phones.phone('ben', '', { transport: old });
    expect(old.closed).to.equal(1);
    expect(ben.service.$call.get().status).to.equal('idle');
    await waitForStatus(next, 'active');
    expect(next.service.$call.get().callID).to.equal(callID);
    expect(next.service.deviceID).not.to.equal(oldID);
    // The link to the former provider may be known to be down before the new one is up.
    await waitForStatus(ann, 'active');
    expect(ends).to.deep.equal([]);
    expect(ben.service.user).to.equal(undefined);
    await next.service.hangUp();
    await waitForStatus(ann, 'ended');
  });

  it('takes over nothing from a removed provider of another user, transport or server', async () => {
    const ann = await phones.phone('ann');
    const transport = ann.transport as ReturnType<typeof phones.transport>;
    const { deviceID } = ann.service;
    ann.remove();
    await phones.phone('chen', '', { transport });
    await phones.phone('ann', '', { transport, signaling: 'wss://other.test' });
    const { opened } = (await phones.phone('ann')).transport as typeof transport;
    const replaced = [...transport.opened, ...opened].map(({ replaces }) => replaces);
    expect(replaced).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(ann.service.deviceID).to.equal(deviceID);
  });

  it('names the device of a removed provider without a call as replaced, once', async () => {
    const before = await phones.phone('ann');
    const transport = before.transport as ReturnType<typeof phones.transport>;
    const { deviceID } = before.service;
    before.remove();
    await phones.phone('ann', '', { transport });
    await phones.phone('ann', '', { transport });
    const replaced = transport.opened.map(({ replaces }) => replaces);
    expect(replaced).to.deep.equal([undefined, deviceID, undefined]);
  });

  it('sends the ID of the device that this page was before a reload', async () => {
    const before = await phones.phone('reloaded');
    const { deviceID } = before.service;
    // The code that saves the page is loaded by then.
    await before.service.dismissMissedCalls();
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    before.remove();
    const after = await phones.phone('reloaded');
    const [identity] = (after.transport as ReturnType<typeof phones.transport>).opened;
    expect(identity?.replaces).to.equal(deviceID);
    const copy = await phones.phone('reloaded');
    expect((copy.transport as ReturnType<typeof phones.transport>).opened[0]?.replaces).to.equal(
      undefined,
    );
  });

  it('fires an event for each callback, immediately after the callback', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    const calls: unknown[] = [];
    const outside: Event[] = [];
    const events: InvitationEvents = {
      onIncomingCallReceived: (...args) => calls.push(['function', ...args]),
    };
    ben.invitationEvents = events;
    ben.addEventListener('incoming-call-received', (event) => {
      const { callID, caller, callType, callees, customData } = event;
      expect(event).to.be.instanceOf(Event);
      calls.push(['event', callID, caller, callType, callees, customData]);
    });
    document.body.addEventListener('incoming-call-received', (event) => outside.push(event), {
      once: true,
    });
    const { callID } = await ann.service.send({
      invitees: [{ userID: 'ben', userName: 'Ben' }],
      callType: 'video',
      customData: 'x',
    });
    await waitForStatus(ben, 'incoming');
    const values = [
      callID,
      { userID: 'ann', userName: 'Ann' },
      'video',
      [{ userID: 'ben', userName: 'Ben' }],
      'x',
    ];
    expect(calls).to.deep.equal([
      ['function', ...values],
      ['event', ...values],
    ]);
    expect(outside).to.have.length(1);
    expect(outside[0]?.composed).to.equal(true);

    const types = ['outgoing-call-declined', 'call-state-changed'] as const;
    const seen: [string, unknown][] = [];
    ann.addEventListener(types[0], ({ callee, customData }) =>
      seen.push([callee.userID, customData]),
    );
    ann.addEventListener(types[1], ({ call }) => seen.push([call.status, call.endReason]));
    await ben.service.decline({ customData: 'later' });
    await waitForStatus(ann, 'ended');
    expect(seen).to.deep.equal([
      ['ben', 'later'],
      ['ended', 'declined'],
    ]);
  });

  it('fires error events that do not bubble and are not composed', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    const fault = new Error('of the page');
    ben.invitationEvents = {
      onIncomingCallReceived() {
        throw fault;
      },
    };
    const events: ErrorEvent[] = [];
    ben.addEventListener('error', (event) => events.push(event));
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    expect(events.map(({ error }) => error as unknown)).to.deep.equal([fault]);
    expect(events[0]?.message).to.equal('of the page');
    expect([events[0]?.bubbles, events[0]?.composed]).to.deep.equal([false, false]);
    await ann.service.cancel();
  });

  it('shows the views of a whole call by itself, and nothing afterwards', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    expect(shown(ann)).to.equal(undefined);
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ann, 'ringing-out');
    await customElements.whenDefined('outgoing-call-dialog');
    expect(shown(ann)?.localName).to.equal('outgoing-call-dialog');
    await waitForStatus(ben, 'incoming');
    button(shown(ben)!, 'accept-button').click();
    await waitForStatus(ben, 'active');
    await waitForStatus(ann, 'active');
    await customElements.whenDefined('ongoing-call-view');
    expect(shown(ann)?.localName).to.equal('ongoing-call-view');
    expect(shown(ben)?.localName).to.equal('ongoing-call-view');
    await waitUntil(() => shown(ben)?.shadowRoot?.querySelector('[part=hang-up-button]'));
    await expectAccessible(ben);
    button(shown(ben)!, 'hang-up-button').click();
    await waitForStatus(ann, 'ended');
    await waitForStatus(ann, 'idle');
    await waitUntil(() => !shown(ben));
    button(shown(ann)!, 'close-end-button').click();
    await waitUntil(() => !shown(ann));
  });

  it('shows the end of a call that nobody has answered, until the time of the page is over', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    ann.config = { endScreenSeconds: 3 };
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    button(shown(ben)!, 'decline-button').click();
    await waitForStatus(ann, 'ended');
    await waitForStatus(ann, 'idle');
    const dialog = shown(ann)!;
    expect(dialog.localName).to.equal('outgoing-call-dialog');
    expect(dialog.shadowRoot?.textContent).to.contain('Call declined');
    button(dialog, 'call-again-button').click();
    await waitForStatus(ben, 'incoming');
    expect(shown(ann)).to.equal(dialog);
    button(shown(ben)!, 'decline-button').click();
    await waitForStatus(ann, 'ended');
    await waitForStatus(ann, 'idle');
    await waitUntil(() => !shown(ann), 'closed');
  });

  it('shows the content of its slot "message" after the end of a call', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    const write = document.createElement('button');
    write.slot = 'message';
    ann.append(write);
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    expect(write.offsetHeight).to.equal(0);
    button(shown(ben)!, 'decline-button').click();
    await waitForStatus(ann, 'ended');
    await waitUntil(() => write.offsetHeight > 0);
  });

  it('shows no default element if the page sets no-default-ui', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone('ben');
    ben.noDefaultUI = true;
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    expect(shown(ben)).to.equal(undefined);
    await ann.service.cancel();
  });

  it('shows a slot only for its view, instead of the default element', async () => {
    const ann = await phones.phone('ann');
    const ben = await phones.phone(
      'ben',
      html`<p slot="incoming">rings</p>
        <p slot="ongoing">talks</p>`,
    );
    const rings = ben.querySelector<HTMLElement>('[slot=incoming]')!;
    const talks = ben.querySelector<HTMLElement>('[slot=ongoing]')!;
    expect(rings.offsetHeight).to.equal(0);
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    expect(rings.offsetHeight).to.be.greaterThan(0);
    expect(talks.offsetHeight).to.equal(0);
    expect(shown(ben)).to.equal(undefined);
    rings.remove();
    await waitUntil(() => shown(ben));
    expect(shown(ben)?.localName).to.equal('incoming-call-dialog');
    await ann.service.cancel();
  });

  it('shows the device settings while the service has them open, without a call too', async () => {
    const alice = await phones.phone('alice');
    const settings = () => alice.shadowRoot?.querySelector('.layer call-settings');
    expect(settings()).to.equal(null);
    alice.service.openSettings();
    await waitUntil(() => settings()?.matches(':state(open)'));
    expect(alice.shadowRoot?.querySelector('.layer')?.matches(':popover-open')).to.equal(true);
    alice.service.closeSettings();
    await alice.updateComplete;
    expect(settings()).to.equal(null);
    expect(alice.shadowRoot?.querySelector('.layer')?.matches(':popover-open')).to.equal(false);
  });
});
