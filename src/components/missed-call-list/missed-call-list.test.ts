import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { TemplateResult } from 'lit';
import {
  button,
  expectAccessible,
  hasPart,
  inProvider,
  pressed,
  textOf,
} from '../../../test/support/elements.js';
import type { FakeProvider } from '../../../test/support/fake-provider.js';
import { createFakeClock, type FakeClock } from '../../../test/support/fake-clock.js';
import { missed, outgoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { MissedCallEntry } from '../../core/ports/missed-calls.js';
import { CallError } from '../../core/service/call-error.js';
import type { CallConfig } from '../../core/service/call-config.js';
import type { Connection } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import {
  CallDialBackEvent,
  CallDismissAllEvent,
  CallDismissEvent,
} from '../shared/missed-call-events.js';
import { NotificationAsk } from '../shared/notification-ask.js';
import { UNDO_MS } from './delayed-dismissal.js';
import { MissedCallList } from './missed-call-list.js';

defineOnce('missed-call-list', MissedCallList);

let clock = createFakeClock();
let ask = new NotificationAsk();

/** A list whose dismissals wait for the clock of the test. */
class TimedList extends MissedCallList {
  protected override get undoClock(): FakeClock {
    return clock;
  }
}
customElements.define('timed-list', TimedList);

/** In a browser that would show a permission prompt for notifications. */
class AskingList extends MissedCallList {
  protected override get canAskForNotifications(): boolean {
    return true;
  }
  protected override get notificationAsk(): NotificationAsk {
    return ask;
  }
}
customElements.define('asking-list', AskingList);

const ann = user('ann', 'Ann Berg');
const cleo = user('cleo', 'Cleo Marsh');
const gus = user('gus', 'Gus van Dam');

async function list(
  calls: readonly MissedCallEntry[],
  config: CallConfig['missedCall'] = {},
  prepare: (provider: FakeProvider) => void = () => {},
  template: TemplateResult = html`<missed-call-list></missed-call-list>`,
) {
  const stage = await inProvider<MissedCallList>(template, (provider) => {
    provider.service.$missedCalls.set(calls);
    provider.config = { missedCall: config };
    prepare(provider);
  });
  const { element, service } = stage;
  return {
    ...stage,
    async set(next: readonly MissedCallEntry[]) {
      service.$missedCalls.set(next);
      await element.updateComplete;
    },
  };
}

const rows = (element: Element) => [...element.shadowRoot!.querySelectorAll('li')];
const namesIn = (element: Element) =>
  rows(element).map((row) => row.querySelector('.name')?.textContent);
const dismissButtons = (element: Element) => [
  ...element.shadowRoot!.querySelectorAll<HTMLElement>('[part=dismiss-button]'),
];
const dialButton = (element: Element) => button(element, 'dial-back-button');
const focused = (element: Element) => element.shadowRoot!.activeElement;
const status = (element: Element) => textOf(element, 'h2 [role=status] .hidden');
const oldestLast = () => [
  missed('3', { caller: cleo }),
  missed('2'),
  missed('1', { caller: gus, seen: true }),
];
const noon = new Date().setHours(12, 0, 0, 0);
/** Three calls of Cleo and one of Ben on one day, and an older call of Cleo. */
const manyOfCleo = () => [
  missed('5', { caller: cleo, at: noon, callType: 'video', reason: 'canceled' }),
  missed('4', { caller: cleo, at: noon - 60_000, seen: true }),
  missed('3', { at: noon - 120_000, seen: true }),
  missed('2', { caller: cleo, at: noon - 180_000, seen: true }),
  missed('1', { caller: cleo, at: noon - 86_400_000, seen: true }),
];
const details = (element: Element) => [
  ...element.shadowRoot!.querySelectorAll<HTMLElement>('[part=details-button]'),
];
const dismissAll = (element: Element) =>
  element.shadowRoot!.querySelector<HTMLElement>('[part=dismiss-all-button]')!;
const undoText = (element: Element) => textOf(element, '.undo [role=status]');

describe('<missed-call-list>', () => {
  beforeEach(() => {
    clock = createFakeClock();
    ask = new NotificationAsk();
  });

  it('shows times by the wall clock, however far behind the monotonic clock is', async () => {
    const RealDate = Date;
    const now = (): number => RealDate.now() + 2 * 3_600_000;
    const monotonic = performance.now.bind(performance);
    const at = now() - 3 * 60_000;
    try {
      performance.now = () => monotonic() - 3 * 3_600_000;
      globalThis.Date = new Proxy(RealDate, {
        get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
      });
      const { element, set } = await list([missed('one', { at })]);
      expect(textOf(element, 'time')).to.equal('3 minutes ago');
      await set([missed('two', { at: now() }), missed('one', { at })]);
      expect(textOf(element, 'time')).to.equal('now');
    } finally {
      globalThis.Date = RealDate;
      performance.now = monotonic;
    }
  });

  it('shows who called, how, and when', async () => {
    const at = Date.now() - 5 * 60_000 - 1_000;
    const { element } = await list([missed('1', { at, callType: 'video' })]);
    expect(textOf(element, '.name')).to.equal('Ben Ortiz');
    expect(element.shadowRoot?.querySelector('.name')?.getAttribute('title')).to.equal('Ben Ortiz');
    expect(textOf(element, '.quiet')).to.equal('Video call 5 minutes ago');
    const time = element.shadowRoot!.querySelector('time')!;
    expect(time.dateTime).to.equal(new Date(at).toISOString());
    expect(time.title).to.contain(`${new Date(at).getFullYear()}`);
    expect(textOf(element, '.avatar')).to.equal('BO');
  });

  it('names the other members of a group, and offers to join instead of calling back', async () => {
    const callees = [ann, cleo, user('dan'), user('eve'), user('fay')];
    const { element } = await list([missed('1', { callees })]);
    expect(textOf(element, '.quiet')).to.contain('Group voice call');
    expect(textOf(element, '[part=details-button]')).to.equal('with 4 others (Ben Ortiz)');
    expect(element.shadowRoot?.querySelector('.with')).to.equal(null);
    details(element)[0]!.click();
    await element.updateComplete;
    expect(textOf(element, '.with')).to.equal('with Cleo Marsh, dan, eve, and fay');
    const controlled = details(element)[0]!.getAttribute('aria-controls');
    expect(element.shadowRoot?.querySelector('.with')?.id).to.equal(controlled);
    expect(dialButton(element).ariaLabel).to.equal('Join Ben Ortiz’s group call');
  });

  it('shows the reason if it is useful', async () => {
    const { element } = await list([
      missed('1', { reason: 'busy' }),
      missed('2', { reason: 'canceled', caller: cleo }),
      missed('3', { caller: gus }),
    ]);
    const [busy, canceled, late] = rows(element).map((row) => row.textContent);
    expect(busy).to.contain('You were in a call');
    expect(canceled).to.contain('Caller hung up');
    expect(late).not.to.match(/You were|Cancelled/);
  });

  it('is a list, in the order of the service', async () => {
    const { element } = await list(oldestLast());
    expect(rows(element).every(({ parentElement }) => parentElement?.localName === 'ul')).to.equal(
      true,
    );
    expect(namesIn(element)).to.deep.equal(['Cleo Marsh', 'Ben Ortiz', 'Gus van Dam']);
  });

  it('marks unseen missed calls, also with text', async () => {
    const { element } = await list(oldestLast());
    expect(rows(element).map((row) => row.classList.contains('unseen'))).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(rows(element).map((row) => row.textContent.includes('New'))).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('shows their number in its heading, and announces a new number politely', async () => {
    const { element, set } = await list(oldestLast());
    const region = element.shadowRoot!.querySelector('h2 [role=status]');
    expect(textOf(element, '.count')).to.equal('2');
    expect(status(element)).to.equal('2 new missed calls');
    await set(oldestLast().slice(1));
    expect(status(element)).to.equal('1 new missed call');
    await set([missed('1', { seen: true })]);
    expect(region?.textContent?.trim()).to.equal('');
    await set(oldestLast());
    expect(status(element)).to.equal('2 new missed calls');
    expect(element.shadowRoot!.querySelector('h2 [role=status]')).to.equal(region);
  });

  it('shows that there are none', async () => {
    const { element } = await list([]);
    expect(textOf(element, '.empty')).to.equal('No missed calls');
    expect(rows(element)).to.deep.equal([]);
  });

  it('has display: none without a provider, and if the page hides it', async () => {
    const alone = document.createElement('missed-call-list');
    document.body.append(alone);
    await alone.updateComplete;
    expect(getComputedStyle(alone).display).to.equal('none');
    alone.remove();
    const { element } = await list([]);
    expect(getComputedStyle(element).display).to.equal('block');
    element.hidden = true;
    expect(getComputedStyle(element).display).to.equal('none');
  });

  describe('several calls of a person on one day', () => {
    it('are one row with their number, which a button opens and closes', async () => {
      const { element, set } = await list(manyOfCleo());
      expect(namesIn(element)).to.deep.equal(['Cleo Marsh', 'Ben Ortiz', 'Cleo Marsh']);
      const [toggle, ...more] = details(element);
      expect(more).to.deep.equal([]);
      expect(textOf(element, '[part=details-button]')).to.equal('3 calls (Cleo Marsh)');
      expect(toggle!.ariaExpanded).to.equal('false');
      toggle!.focus();
      await sendKeys({ press: 'Enter' });
      await element.updateComplete;
      expect(toggle!.ariaExpanded).to.equal('true');
      expect(focused(element)).to.equal(toggle);
      const opened = element.shadowRoot!.getElementById(toggle!.getAttribute('aria-controls')!)!;
      const clock = new Intl.DateTimeFormat('en', { timeStyle: 'short' });
      expect(
        [...opened.querySelectorAll('time')].map(({ textContent }) => textContent.trim()),
      ).to.deep.equal([
        `${clock.format(noon)}, New`,
        ...[60_000, 180_000].map((ms) => clock.format(noon - ms)),
      ]);
      await expectAccessible(element);
      await set([missed('6', { caller: cleo, at: noon + 1 }), ...manyOfCleo()]);
      expect(opened.querySelectorAll('li')).to.have.length(4);
      toggle!.click();
      await element.updateComplete;
      expect(opened.isConnected).to.equal(false);
    });

    it('are closed when the row comes back', async () => {
      const { element, set } = await list(manyOfCleo());
      details(element)[0]!.click();
      await set([]);
      await set(manyOfCleo());
      expect(details(element)[0]?.ariaExpanded).to.equal('false');
    });

    it('are called back by the newest, or each by its own button', async () => {
      const { element, service } = await list(manyOfCleo());
      dialButton(element).click();
      details(element)[0]!.click();
      await element.updateComplete;
      const last = element.shadowRoot!.querySelector<HTMLElement>(
        '.call:last-child [part=dial-back-button]',
      )!;
      await waitUntil(() => service.commands.length === 2);
      last.click();
      expect(service.commands).to.deep.equal([
        // The user has handled all calls of the row.
        ['markMissedCallsSeen', ['4', '2']],
        ['clickMissedCall', '5'],
        ['clickMissedCall', '2'],
      ]);
    });

    it('are marked as seen only if the page does not prevent that they are called back', async () => {
      const { element, service } = await list(manyOfCleo());
      element.addEventListener('call-dial-back', (event) => event.preventDefault());
      dialButton(element).click();
      expect(service.commands).to.deep.equal([]);
    });

    it('are clicked together by the text of the row, without a button that calls back', async () => {
      const { element, service } = await list(manyOfCleo(), { enableDialBack: false });
      element.shadowRoot!.querySelector<HTMLElement>('button.what')!.click();
      expect(service.commands).to.deep.equal([
        ['markMissedCallsSeen', ['4', '2']],
        ['clickMissedCall', '5'],
      ]);
    });

    it('are dismissed together with one event, or one by one, and the focus stays in the row', async () => {
      const { element, service } = await list(manyOfCleo());
      expect(dismissButtons(element)[0]!.ariaLabel).to.equal('Dismiss all calls from Cleo Marsh');
      const event = pressed<CallDismissAllEvent>(element, 'dismiss-button', 'call-dismiss-all');
      expect(event.callIDs).to.deep.equal(['5', '4', '2']);
      await element.updateComplete;
      expect(undoText(element)).to.equal('3 calls dismissed');
      expect(namesIn(element)).to.deep.equal(['Ben Ortiz', 'Cleo Marsh']);
      button(element, 'undo-button').click();
      await element.updateComplete;
      details(element)[0]!.click();
      await element.updateComplete;
      const [row] = rows(element);
      for (const left of [2, 1]) {
        row!.querySelector<HTMLElement>('.call [part=dismiss-button]')!.focus();
        await sendKeys({ press: 'Enter' });
        await waitUntil(() => row!.querySelectorAll('.call').length === (left > 1 ? left : 0));
        const now = focused(element)!;
        expect(now.getAttribute('part')).to.equal('dismiss-button');
        expect(row!.contains(now)).to.equal(true);
      }
      expect(service.commands.map(([name]) => name)).to.deep.equal([
        'dismissMissedCall',
        'dismissMissedCall',
      ]);
    });

    it('are thirty calls in a few rows', async () => {
      const people = [ann, cleo, gus];
      const calls = Array.from({ length: 30 }, (_, index) =>
        missed(`${index}`, { caller: people[index % 3]!, at: noon - index * 1_000 }),
      );
      const { element } = await list(calls);
      expect(rows(element)).to.have.length(3);
      expect(status(element)).to.equal('30 new missed calls');
    });
  });

  describe('calling back', () => {
    it('fires call-dial-back, then does the same as a click on the missed call', async () => {
      const { element, service } = await list([missed('1')]);
      const event = pressed<CallDialBackEvent>(element, 'dial-back-button', 'call-dial-back');
      expect(event).to.be.instanceOf(CallDialBackEvent);
      expect(event.callID).to.equal('1');
      expect(service.commands).to.deep.equal([['clickMissedCall', '1']]);
    });

    it('does nothing if the page prevents the event', async () => {
      const { element, service } = await list([missed('1')]);
      pressed(element, 'dial-back-button', 'call-dial-back', true);
      expect(service.commands).to.deep.equal([]);
    });

    it('calls back once for a double click', async () => {
      const { element, service } = await list([missed('1')]);
      dialButton(element).dispatchEvent(new MouseEvent('click', { detail: 1 }));
      await Promise.resolve();
      dialButton(element).dispatchEvent(new MouseEvent('click', { detail: 2 }));
      expect(service.commands).to.have.length(1);
    });

    it('shows that it failed', async () => {
      const { element, service } = await list([missed('1')]);
      service.emitCallback('onIncomingMissedCallDialBackFailed');
      await element.updateComplete;
      expect(textOf(element, '#note')).to.equal('Couldn’t place the call');
      element.remove();
      service.emitCallback('onIncomingMissedCallDialBackFailed');
      expect(service.reported).to.deep.equal([]);
    });

    it('reports errors', async () => {
      const { element, service } = await list([missed('1')]);
      service.failure = new CallError('not-connected');
      dialButton(element).click();
      await waitUntil(() => textOf(element, '#note') === 'Couldn’t place the call');
      expect(service.reported).to.deep.equal([service.failure]);
    });

    const reasons: [string, (provider: FakeProvider) => void][] = [
      ['You can call back after this call', ({ service }) => service.show(outgoing())],
      ['No connection. Try again in a moment', (provider) => connection(provider, 'offline')],
      ['The connection was refused', (provider) => connection(provider, 'refused')],
      ['This browser doesn’t support calls', (provider) => (provider.canTakeCalls = false)],
    ];
    const connection = ({ service }: FakeProvider, value: Connection) =>
      service.$connection.set(value);

    for (const [reason, prepare] of reasons) {
      it(`is not possible, and the list shows why: ${reason}`, async () => {
        const { element, service } = await list([missed('1')], {}, prepare);
        let asked = 0;
        element.addEventListener('call-dial-back', () => asked++);
        const dial = dialButton(element);
        expect(dial.ariaDisabled).to.equal('true');
        expect(dial.getAttribute('aria-describedby')).to.equal('note');
        expect(textOf(element, '#note')).to.equal(reason);
        dial.click();
        expect(asked).to.equal(0);
        expect(service.commands).to.deep.equal([]);
      });
    }

    it('is possible again after the call, and while connecting', async () => {
      const { element, service, show } = await list([missed('1')]);
      await show(outgoing());
      expect(dialButton(element).ariaDisabled).to.equal('true');
      await show({ ...outgoing(), status: 'ended', endReason: 'canceled' });
      expect(dialButton(element).ariaDisabled).to.equal('false');
      expect(textOf(element, '#note')).to.equal('');
      service.$connection.set('connecting');
      await element.updateComplete;
      expect(dialButton(element).ariaDisabled).to.equal('false');
    });

    it('has no button if the page disables it: the text of the row is a button', async () => {
      const { element, service, provider } = await list([missed('1')], { enableDialBack: false });
      expect(hasPart(element, 'dial-back-button')).to.equal(false);
      let asked = 0;
      element.addEventListener('call-dial-back', () => asked++);
      const row = element.shadowRoot!.querySelector<HTMLElement>('button.what')!;
      expect(row.textContent).to.contain('Ben Ortiz');
      service.show(outgoing());
      await element.updateComplete;
      expect(textOf(element, '#note')).to.equal('');
      row.click();
      expect(asked).to.equal(0);
      expect(service.commands).to.deep.equal([['clickMissedCall', '1']]);
      provider.config = {};
      provider.renew();
      await element.updateComplete;
      expect(hasPart(element, 'dial-back-button')).to.equal(true);
    });
  });

  describe('dismissing', () => {
    it('fires call-dismiss, then dismisses one missed call', async () => {
      const { element, service } = await list(oldestLast());
      const event = pressed<CallDismissEvent>(element, 'dismiss-button', 'call-dismiss');
      expect(event).to.be.instanceOf(CallDismissEvent);
      expect(event.callID).to.equal('3');
      expect(service.commands).to.deep.equal([['dismissMissedCall', '3']]);
      await waitUntil(() => rows(element).length === 2);
    });

    it('does nothing if the page prevents the event', async () => {
      const { element, service } = await list(oldestLast());
      pressed(element, 'dismiss-button', 'call-dismiss', true);
      expect(service.commands).to.deep.equal([]);
    });

    it('dismisses only one for a double click', async () => {
      const { element, service } = await list(oldestLast());
      for (const detail of [1, 2]) {
        dismissButtons(element)[0]!.dispatchEvent(new MouseEvent('click', { detail }));
        await element.updateComplete;
      }
      expect(service.commands).to.have.length(1);
    });

    it('reports errors', async () => {
      const { element, service } = await list([missed('1')]);
      service.failure = new CallError('not-connected');
      dismissButtons(element)[0]!.click();
      await waitUntil(() => service.reported.length === 1);
      expect(rows(element)).to.have.length(1);
    });

    it('dismisses all with one event', async () => {
      const { element } = await list(oldestLast());
      const events: Event[] = [];
      const record = (event: Event): void => {
        events.push(event);
        if (events.length === 1) event.preventDefault();
      };
      for (const type of ['call-dismiss', 'call-dismiss-all'])
        document.addEventListener(type, record);
      dismissAll(element).click();
      await element.updateComplete;
      expect(rows(element)).to.have.length(3);
      dismissAll(element).click();
      await element.updateComplete;
      for (const type of ['call-dismiss', 'call-dismiss-all'])
        document.removeEventListener(type, record);
      expect(events).to.have.length(2);
      expect(events[0]).to.be.instanceOf(CallDismissAllEvent);
      expect((events[0] as CallDismissAllEvent).callIDs).to.deep.equal(['3', '2', '1']);
      expect(rows(element)).to.deep.equal([]);
    });

    describe('several calls', () => {
      async function dismissed() {
        const shown = await list(oldestLast(), {}, undefined, html`<timed-list></timed-list>`);
        dismissAll(shown.element).click();
        await shown.element.updateComplete;
        return shown;
      }
      const pass = () => clock.advance(UNDO_MS);
      const all = ['dismissMissedCalls', ['3', '2', '1']];

      it('hides them and says so, and dismisses them after a few seconds', async () => {
        const { element, service } = await dismissed();
        expect(undoText(element)).to.equal('3 calls dismissed');
        expect(rows(element)).to.deep.equal([]);
        expect(service.commands).to.deep.equal([]);
        service.$missedCalls.set([missed('4'), ...service.$missedCalls.get()]);
        await element.updateComplete;
        expect(rows(element)).to.have.length(1);
        await pass();
        expect(service.commands).to.deep.equal([['dismissMissedCalls', ['3', '2', '1']]]);
        await waitUntil(() => !hasPart(element, 'undo-button'));
        expect(service.$missedCalls.get().map(({ callID }) => callID)).to.deep.equal(['4']);
        expect(rows(element)).to.have.length(1);
      });

      it('shows them again after Undo', async () => {
        const { element, service } = await dismissed();
        button(element, 'undo-button').focus();
        button(element, 'undo-button').click();
        await element.updateComplete;
        expect(namesIn(element)).to.deep.equal(['Cleo Marsh', 'Ben Ortiz', 'Gus van Dam']);
        expect(focused(element)?.localName).to.equal('h2');
        await pass();
        expect(service.commands).to.deep.equal([]);
      });

      it('can be undone as long as the button has the focus', async () => {
        const { element, service } = await dismissed();
        button(element, 'undo-button').focus();
        await pass();
        expect(service.commands).to.deep.equal([]);
        button(element, 'undo-button').blur();
        await pass();
        expect(service.commands).to.have.length(1);
      });

      it('dismisses them if the list is removed, but not if it is moved', async () => {
        const { element, service, provider } = await dismissed();
        const place = document.createElement('div');
        provider.append(place);
        place.append(element);
        await Promise.resolve();
        await element.updateComplete;
        expect(undoText(element)).to.equal('3 calls dismissed');
        expect(service.commands).to.deep.equal([]);
        element.remove();
        await Promise.resolve();
        expect(service.commands).to.deep.equal([all]);
      });

      it('can be undone after a change of the configuration, and when another provider appears', async () => {
        const { element, service, provider } = await dismissed();
        provider.config = { missedCall: {} };
        provider.renew();
        const other = document.createElement('fake-provider');
        document.body.append(other);
        await element.updateComplete;
        other.remove();
        expect(service.commands).to.deep.equal([]);
        expect(undoText(element)).to.equal('3 calls dismissed');
        button(element, 'undo-button').click();
        await element.updateComplete;
        expect(rows(element)).to.have.length(3);
      });

      it('dismisses them at once if the list gets another provider', async () => {
        const { element, service } = await dismissed();
        const other = document.createElement('fake-provider') as FakeProvider;
        document.body.append(other);
        other.append(element);
        await element.updateComplete;
        expect(service.commands).to.deep.equal([all]);
        expect(other.service.commands).to.deep.equal([]);
        expect(hasPart(element, 'undo-button')).to.equal(false);
        other.remove();
      });

      it('neither dismisses them nor offers Undo after another user has signed in', async () => {
        const { element, service, set } = await dismissed();
        service.user = user('gus');
        // A call to a group that both have missed.
        await set([missed('3')]);
        expect(hasPart(element, 'undo-button')).to.equal(false);
        expect(rows(element)).to.have.length(1);
        await pass();
        element.remove();
        await Promise.resolve();
        expect(service.commands).to.deep.equal([]);
      });

      it('counts only those that are still missed calls', async () => {
        const { element, set } = await dismissed();
        await set(oldestLast().slice(1));
        expect(undoText(element)).to.equal('2 calls dismissed');
        await set([]);
        expect(hasPart(element, 'undo-button')).to.equal(false);
      });

      it('shows them again if that fails', async () => {
        const { element, service } = await dismissed();
        service.failure = new CallError('not-connected');
        await pass();
        await waitUntil(() => rows(element).length === 3);
        expect(service.reported).to.deep.equal([service.failure]);
      });
    });

    it('has no button to dismiss all if there is one missed call', async () => {
      const { element } = await list([missed('1')]);
      expect(hasPart(element, 'dismiss-all-button')).to.equal(false);
    });
  });

  describe('the focus', () => {
    it('moves to the next missed call, from the last one to the previous, then to the heading', async () => {
      const { element } = await list(oldestLast());
      const [first, , third] = dismissButtons(element);
      first!.focus();
      await sendKeys({ press: 'Enter' });
      await element.updateComplete;
      expect(focused(element)).to.equal(dismissButtons(element)[0]);
      third!.focus();
      await sendKeys({ press: 'Space' });
      await element.updateComplete;
      expect(focused(element)).to.equal(dismissButtons(element)[0]);
      await sendKeys({ press: 'Enter' });
      await element.updateComplete;
      expect(rows(element)).to.deep.equal([]);
      expect(focused(element)?.localName).to.equal('h2');
    });

    it('moves to the heading when all are dismissed', async () => {
      const { element } = await list(oldestLast());
      dismissAll(element).focus();
      dismissAll(element).click();
      await element.updateComplete;
      await element.updateComplete;
      expect(focused(element)?.localName).to.equal('h2');
    });

    it('stays when a missed call is added, or another one is removed', async () => {
      const { element, set } = await list(oldestLast());
      const second = dismissButtons(element)[1]!;
      second.focus();
      await set([missed('4'), ...oldestLast()]);
      expect(focused(element)).to.equal(second);
      await set(oldestLast().slice(1));
      expect(focused(element)).to.equal(second);
    });

    it('is set on the heading by focus()', async () => {
      const { element } = await list(oldestLast());
      element.focus();
      expect(focused(element)?.localName).to.equal('h2');
    });

    it('is not taken from the page', async () => {
      const { element, set } = await list(oldestLast());
      await set([]);
      expect(focused(element)).to.equal(null);
    });
  });

  it('does not change while the list does not change', async () => {
    const { element, service, set } = await list(oldestLast());
    await new Promise(requestAnimationFrame);
    let changes = 0;
    const observer = new MutationObserver((records) => (changes += records.length));
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(element.shadowRoot!, everything);
    service.$call.set({ ...service.$call.get() });
    await set(service.$missedCalls.get().map((each) => ({ ...each })));
    await new Promise((resolve) => setTimeout(resolve));
    expect(changes).to.equal(0);
    observer.disconnect();
  });

  it('blocks and unblocks the caller, but not in calls of a group', async () => {
    const { element, service } = await list([
      missed('1'),
      missed('2', { caller: cleo, callees: [ann, user('gus')] }),
    ]);
    const blockButtons = () => [
      ...element.shadowRoot!.querySelectorAll<HTMLElement>('[part=block-button]'),
    ];
    expect(blockButtons()).to.have.length(1);
    blockButtons()[0]?.click();
    await waitUntil(() => blockButtons()[0]?.ariaLabel === 'Unblock Ben Ortiz');
    blockButtons()[0]?.click();
    await waitUntil(() => blockButtons()[0]?.ariaLabel === 'Block Ben Ortiz');
    expect(service.commands).to.deep.equal([
      ['block', user('ben', 'Ben Ortiz')],
      ['unblock', 'ben'],
    ]);
  });

  describe('the hint about notifications', () => {
    const asking = html`<asking-list></asking-list>`;
    const turnOn = (element: Element) =>
      element.shadowRoot!.querySelector<HTMLElement>('.hint button');
    const twoLists = async () => {
      const one = () => list([], {}, () => {}, asking);
      return [(await one()).element, (await one()).element] as const;
    };
    const hints = async (lists: readonly MissedCallList[]) => {
      for (const each of lists) await each.updateComplete;
      return lists.map((each) => !!turnOn(each));
    };

    it('is in one list of the page, and in none while another place asks', async () => {
      const lists = await twoLists();
      expect(await hints(lists)).to.deep.equal([true, false]);
      const offer = { onAskChanged: () => {} };
      ask.set(offer, true, true);
      expect(await hints(lists)).to.deep.equal([false, false]);
      ask.set(offer, false);
      expect(await hints(lists)).to.deep.equal([true, false]);
      lists[0].remove();
      expect((await hints(lists))[1]).to.equal(true);
    });

    it('is in the first list that is visible', async () => {
      const lists = await twoLists();
      lists[0].style.display = 'none';
      await waitUntil(async () => (await hints(lists))[1]);
      expect(turnOn(lists[0])).to.equal(null);
      lists[1].style.display = 'none';
      lists[0].style.display = '';
      await waitUntil(async () => (await hints(lists))[0]);
      expect(turnOn(lists[1])).to.equal(null);
    });

    it('is in no list after the user has answered in one', async () => {
      const lists = await twoLists();
      turnOn(lists[0])!.click();
      expect(await hints(lists)).to.deep.equal([false, false]);
      expect(await hints(await twoLists())).to.deep.equal([false, false]);
    });

    it('turns notifications on, and disappears', async () => {
      const { element, service } = await list([missed('1')], {}, undefined, asking);
      expect(turnOn(element)?.textContent).to.equal('Turn on notifications');
      turnOn(element)!.focus();
      turnOn(element)!.click();
      await element.updateComplete;
      expect(service.commands).to.deep.equal([['enableNotifications']]);
      expect(turnOn(element)).to.equal(null);
      expect(focused(element)?.localName).to.equal('h2');
    });

    it('is hidden if the page wants no notifications, or the browser would not ask', async () => {
      const { element } = await list([missed('1')], { enabled: false }, undefined, asking);
      expect(turnOn(element)).to.equal(null);
      const { element: plain } = await list([missed('1')]);
      const asks = typeof Notification !== 'undefined' && Notification.permission === 'default';
      expect(!!turnOn(plain)).to.equal(asks);
    });
  });

  it('uses the language of the page', async () => {
    const at = Date.now() - 3 * 60_000 - 1_000;
    const { element } = await list(
      [missed('1', { at })],
      {},
      undefined,
      html`<missed-call-list lang="de"></missed-call-list>`,
    );
    await waitUntil(() => textOf(element, '#title') === 'Verpasste Anrufe');
    expect(textOf(element, 'time')).to.equal('vor 3 Minuten');
    expect(dialButton(element).ariaLabel).to.equal('Ben Ortiz zurückrufen');
  });

  it('passes the accessibility checks', async () => {
    const calls = [missed('0', { callees: [ann, cleo] }), ...oldestLast()];
    const { element, show, set } = await list(
      calls,
      {},
      undefined,
      html`<asking-list></asking-list>`,
    );
    await expectAccessible(element);
    await show(outgoing());
    await expectAccessible(element);
    await set([]);
    await expectAccessible(element);
    const { element: rtl } = await list(
      calls,
      { enableDialBack: false },
      undefined,
      html`<missed-call-list lang="ar" dir="rtl"></missed-call-list>`,
    );
    await waitUntil(() => textOf(rtl, '#title') === 'المكالمات الفائتة');
    await expectAccessible(rtl);
  });

  it('breaks all rows in the same way, and keeps short texts in one line, on narrow phones', async () => {
    const others = ['b', 'c', 'd', 'e'].map((id) => user(id));
    const calls = [
      missed('1', { callees: [ann, ...others] }),
      missed('2', { caller: cleo }),
      missed('3', { caller: user('dan') }),
      missed('4', { caller: user('dan') }),
    ];
    const { element } = await list(calls);
    const root = element.shadowRoot!;
    for (const width of ['304px', '344px', '374px']) {
      element.style.inlineSize = width;
      await element.updateComplete;
      const rows = [...root.querySelectorAll('section > ul > li')].map((row) => {
        const [text, actions] = ['.about', '.actions'].map((part) =>
          row.querySelector(part)!.getBoundingClientRect(),
        );
        return actions!.top >= text!.bottom;
      });
      expect(rows, width).to.have.length(3);
      expect(new Set(rows).size, width).to.equal(1);
      for (const each of root.querySelectorAll<HTMLElement>('.details'))
        expect(each.offsetHeight, `${width}: ${each.textContent}`).to.equal(44);
    }
    for (const each of root.querySelectorAll<HTMLElement>('.details')) each.click();
    await element.updateComplete;
    const single = [...root.querySelectorAll('.call')];
    expect(single).to.have.length(2);
    for (const call of single) {
      const { top, bottom } = call.getBoundingClientRect();
      for (const each of call.querySelectorAll('button')) {
        const box = each.getBoundingClientRect();
        expect(Math.min(box.top - top, bottom - box.bottom)).to.be.at.least(4);
      }
    }
  });

  it('stays usable in narrow containers, and truncates only names', async () => {
    const name = 'Wolfeschlegelsteinhausenbergerdorff';
    const calls = [
      missed('1', { caller: user('w', name), callees: [ann, user('x', name)], reason: 'busy' }),
      missed('2'),
    ];
    const { element, set, provider } = await list(
      calls,
      {},
      undefined,
      html`<asking-list></asking-list>`,
    );
    const long = 'Benachrichtigungseinstellungen ';
    provider.texts = {
      ...{ groupVoiceCall: long, wasBusy: long.repeat(2), dismissAll: long, missedCalls: long },
      ...{ notificationsHint: long.repeat(2), turnOnNotifications: long.repeat(2) },
    };
    provider.renew();
    for (const width of ['280px', '320px', '600px']) {
      element.style.inlineSize = width;
      await set([...calls]);
      const parts = element.shadowRoot!.querySelectorAll<HTMLElement>('.quiet, .with, h2, .hint');
      const cut = [element, ...parts].filter((each) => each.scrollWidth > each.clientWidth);
      expect(cut).to.deep.equal([]);
      for (const each of element.shadowRoot!.querySelectorAll('button')) {
        const { width: across, height } = each.getBoundingClientRect();
        expect(Math.min(across, height)).to.be.at.least(44);
      }
    }
  });
});
