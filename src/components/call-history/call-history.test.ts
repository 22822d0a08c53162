import { expect, html } from '@open-wc/testing';
import { resetMouse, sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
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
import { historyEntry, outgoing, user } from '../../../test/support/fake-service.js';
import { createFakeClock, type FakeClock } from '../../../test/support/fake-clock.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { CallHistoryEntry } from '../../core/ports/call-history.js';
import { CallError } from '../../core/service/call-error.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallHistoryDeleteEvent, CallHistoryExportEvent } from '../shared/history-events.js';
import { type CallAgainEvent } from '../shared/history-events.js';
import { CallHistory, MAX_UNDO_RESTARTS, UNDO_MS } from './call-history.js';
import { fileOf } from './export-calls.js';

defineOnce('call-history', CallHistory);

let clock = createFakeClock();

/** A list whose offer of Undo waits for the clock of the test. */
class TimedHistory extends CallHistory {
  protected override get undoClock(): FakeClock {
    return clock;
  }
}
customElements.define('timed-history', TimedHistory);

const ann = user('ann', 'Ann Berg');
const ben = user('ben', 'Ben Ortiz');
const cleo = user('cleo', 'Cleo Marsh');
const HOUR = 3_600_000;

const noon = (daysAgo: number): number => {
  const date = new Date();
  date.setDate(date.getDate() - daysAgo);
  return date.setHours(12, 0, 0, 0);
};
/** Newest first. */
const someCalls = (): readonly CallHistoryEntry[] => [
  historyEntry('missed', {
    ...{ at: noon(0), caller: cleo, outcome: 'timeout', missed: true },
    durationMs: undefined as never,
  }),
  historyEntry('placed', {
    ...{ at: noon(1), direction: 'outgoing', callType: 'video', caller: ann, callees: [ben] },
  }),
  historyEntry('declined', {
    at: noon(1) - HOUR,
    outcome: 'declined',
    durationMs: undefined as never,
  }),
  historyEntry('group', { at: noon(40), group: true, caller: ben, callees: [ann, cleo] }),
];

async function list(
  calls: readonly CallHistoryEntry[] = someCalls(),
  prepare: (provider: FakeProvider) => void = () => {},
  template: TemplateResult = html`<call-history></call-history>`,
) {
  return inProvider<CallHistory>(template, (provider) => {
    provider.service.$callHistory.set(calls);
    prepare(provider);
  });
}

const all = (element: Element, selector: string) => [
  ...element.shadowRoot!.querySelectorAll<HTMLElement>(selector),
];
const namesIn = (element: Element) => all(element, '.name').map((name) => name.textContent);
const headings = (element: Element) => all(element, 'h3').map((day) => day.textContent);
const factsOf = (element: Element, row: number) =>
  [...(all(element, 'li')[row]?.querySelectorAll('.facts > *') ?? [])].map((fact) =>
    (fact.textContent ?? '').replace(/\s+/g, ' ').trim(),
  );
const radios = (element: Element) => all(element, 'input') as HTMLInputElement[];
const focused = (element: Element) => element.shadowRoot!.activeElement as HTMLElement | null;

async function choose(element: CallHistory, index: number): Promise<void> {
  radios(element)[index]?.click();
  await element.updateComplete;
}

describe('<call-history>', () => {
  it('groups calls by day, and says of each with whom, how, when and how long', async () => {
    const { element } = await list();
    expect(headings(element).slice(0, 2)).to.deep.equal(['Today', 'Yesterday']);
    expect(headings(element)).to.have.length(3);
    expect(namesIn(element)).to.deep.equal([
      ...['Cleo Marsh', 'Ben Ortiz', 'Ben Ortiz', 'Ben Ortiz and Cleo Marsh'],
    ]);
    const time = new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(noon(0));
    expect(factsOf(element, 0)).to.deep.equal(['Missed call', 'Voice call', time]);
    expect(factsOf(element, 1)).to.deep.equal(['Outgoing', 'Video call', time, 'Duration 2:05']);
    expect(factsOf(element, 2).at(-1)).to.equal('You declined');
    expect(factsOf(element, 3)[1]).to.equal('Group voice call');
  });

  it('blocks the caller of an incoming call, and unblocks a blocked one', async () => {
    const { element, service } = await list([
      historyEntry('1', { at: noon(0) }),
      historyEntry('2', { at: noon(0) - 1, direction: 'outgoing' }),
      historyEntry('3', { at: noon(0) - 2, group: true }),
    ]);
    expect(all(element, '.block')).to.have.length(1);
    const { userID, userName } = service.$callHistory.get()[0]!.caller;
    const label = () => all(element, '.block')[0]?.getAttribute('aria-label');
    expect(label()).to.equal(`Block ${userName}`);
    all(element, '.block')[0]?.click();
    await waitUntil(() => service.$blocked.get().length === 1);
    expect(service.commands.at(-1)).to.deep.equal(['block', { userID, userName }]);
    await element.updateComplete;
    expect(label()).to.equal(`Unblock ${userName}`);
    all(element, '.block')[0]?.click();
    await waitUntil(() => service.$blocked.get().length === 0);
    expect(service.commands.at(-1)).to.deep.equal(['unblock', userID]);
  });

  it('says why a call was not answered', async () => {
    const reasons: [Partial<CallHistoryEntry>, string][] = [
      [{ direction: 'outgoing', outcome: 'declined' }, 'Call declined'],
      [{ direction: 'outgoing', outcome: 'canceled' }, 'You cancelled'],
      [{ direction: 'outgoing', outcome: 'busy' }, 'On another call'],
      [{ direction: 'outgoing', outcome: 'timeout' }, 'No answer'],
      [{ direction: 'outgoing', outcome: 'unreachable' }, 'Couldn’t reach them'],
      [{ direction: 'outgoing', outcome: 'failed' }, 'Couldn’t connect'],
      [{ outcome: 'busy', missed: true }, 'You were in a call'],
      [{ outcome: 'canceled', missed: true }, 'Caller hung up'],
    ];
    const calls = reasons.map(([more], index) =>
      historyEntry(String(index), { at: noon(0) - index, ...more, durationMs: undefined as never }),
    );
    const { element } = await list(calls);
    for (const [index, [, text]] of reasons.entries()) {
      expect(factsOf(element, index).at(-1)).to.equal(text);
    }
  });

  it('filters with radio buttons: by mouse, by arrow keys, and with an empty result', async () => {
    const { element } = await list();
    const group = element.shadowRoot!.querySelector('fieldset')!;
    expect(group.querySelector('legend')?.textContent).to.equal('Show');
    expect(all(element, 'label').map((label) => label.textContent?.trim())).to.deep.equal([
      ...['All', 'Missed', 'Incoming', 'Outgoing'],
    ]);
    radios(element)[0]?.focus();
    await sendKeys({ press: 'ArrowRight' });
    await element.updateComplete;
    expect(namesIn(element)).to.deep.equal(['Cleo Marsh']);
    expect(focused(element)).to.equal(radios(element)[1]);
    await sendKeys({ press: 'ArrowRight' });
    await element.updateComplete;
    expect(namesIn(element)).to.have.length(3);
    await choose(element, 3);
    expect(factsOf(element, 0)[0]).to.equal('Outgoing');
    const { element: other } = await list([historyEntry('1')]);
    await choose(other, 3);
    expect(textOf(other, '.empty')).to.equal('No outgoing calls');
    expect(radios(other)).to.have.length(4);
  });

  it('calls again after its request event', async () => {
    const { element, service } = await list();
    const event = pressed<CallAgainEvent>(element, 'call-again-button', 'call-again');
    expect(event.callID).to.equal('missed');
    expect(button(element, 'call-again-button').getAttribute('aria-label')).to.equal(
      'Call Cleo Marsh again',
    );
    expect(service.commands).to.deep.equal([['callAgain', 'missed']]);
    const other = await list();
    pressed(other.element, 'call-again-button', 'call-again', true);
    expect(other.service.commands).to.deep.equal([]);
  });

  it('says why it cannot call now, and when a call fails', async () => {
    const { element, service, show } = await list();
    await show(outgoing());
    expect(button(element, 'call-again-button').getAttribute('aria-disabled')).to.equal('true');
    expect(textOf(element, '#note')).to.contain('after this call');
    button(element, 'call-again-button').click();
    expect(service.commands).to.deep.equal([]);
    await show({ status: 'idle' });
    service.failure = new CallError('unavailable');
    button(element, 'call-again-button').click();
    await waitUntil(() => textOf(element, '#note') === 'Couldn’t place the call');
    expect(service.reported).to.have.length(1);
  });

  it('deletes one call, keeps the focus in the list, and restores the call', async () => {
    const { element, service } = await list();
    const [, second] = all(element, '[part=delete-button]');
    second?.focus();
    const event = pressed<CallHistoryDeleteEvent>(
      element,
      'delete-button',
      'call-history-delete',
      true,
    );
    expect(event.callIDs).to.deep.equal(['missed']);
    expect(service.commands).to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => hasPart(element, 'undo-button'));
    expect(service.commands).to.deep.equal([['deleteHistory', ['placed']]]);
    expect(namesIn(element)).to.have.length(3);
    expect(focused(element)?.getAttribute('aria-label')).to.equal('Delete call with Ben Ortiz');
    expect(textOf(element, '.undo [role=status]')).to.equal('Call deleted');
    button(element, 'undo-button').click();
    await waitUntil(() => namesIn(element).length === 4);
    expect(service.commands.at(-1)).to.deep.equal(['restoreHistory', ['placed']]);
    expect(hasPart(element, 'undo-button')).to.equal(false);
  });

  it('deletes all that are shown, in one event', async () => {
    const { element, service } = await list();
    await choose(element, 2);
    const event = pressed<CallHistoryDeleteEvent>(
      element,
      'delete-all-button',
      'call-history-delete',
    );
    expect(event.callIDs).to.deep.equal(['missed', 'declined', 'group']);
    await waitUntil(() => namesIn(element).length === 0);
    expect(service.commands).to.deep.equal([['deleteHistory', ['missed', 'declined', 'group']]]);
    expect(textOf(element, '.undo [role=status]')).to.equal('3 calls deleted');
    const other = await list();
    button(other.element, 'delete-all-button').focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => textOf(other.element, '.empty') === 'No calls yet');
    expect(other.service.commands).to.deep.equal([['deleteHistory', 'all']]);
    expect(focused(other.element)?.localName).to.equal('h2');
  });

  it('exports what is shown as a file, only on a press', async () => {
    const { element } = await list();
    await choose(element, 1);
    const downloads: string[] = [];
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      downloads.push(this.download);
    };
    try {
      const event = pressed<CallHistoryExportEvent>(
        element,
        'export-button',
        'call-history-export',
      );
      expect([event.format, event.callIDs]).to.deep.equal(['csv', ['missed']]);
      expect(downloads).to.have.length(1);
      expect(downloads[0]).to.match(/^calls-\d{4}-\d\d-\d\d\.csv$/);
      pressed(element, 'export-button', 'call-history-export', true);
      expect(downloads).to.have.length(1);
      all(element, '[part=export-button]')[1]?.click();
      expect(downloads[1]).to.match(/\.json$/);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
  });

  it('writes CSV that no spreadsheet runs as a formula, and JSON', async () => {
    const evil = user('eve', '=HYPERLINK("http://x")');
    const entry = historyEntry('1', { at: 0, caller: evil, callees: [ann, cleo] });
    const csv = await fileOf([entry], 'csv').text();
    const [head, line] = csv.replace('\uFEFF', '').split('\r\n');
    expect(head).to.contain('callID,direction,callType');
    expect(line).to.contain('1970-01-01T00:00:00.000Z');
    expect(line).to.contain(`"'=HYPERLINK(""http://x"") (eve)"`);
    expect(line).to.contain(',125,');
    expect(line).to.contain('Ann Berg (ann); Cleo Marsh (cleo)');
    const [json] = JSON.parse(await fileOf([entry], 'json').text()) as Record<string, unknown>[];
    expect(json?.['at']).to.equal('1970-01-01T00:00:00.000Z');
    expect(json?.['caller']).to.deep.equal(evil);
  });

  it('shows that it loads, fails or keeps nothing', async () => {
    const { element, service } = await list([], ({ service }) =>
      service.$callHistoryState.set('loading'),
    );
    expect(textOf(element, '#note')).to.equal('Loading calls…');
    expect(all(element, '.empty')).to.deep.equal([]);
    service.$connection.set('offline');
    await element.updateComplete;
    expect(textOf(element, '.empty')).to.contain('No connection');
    service.$connection.set('connected');
    service.$callHistoryState.set('failed');
    await element.updateComplete;
    expect(textOf(element, '[role=alert]')).to.contain('couldn’t be loaded');
    all(element, '.failed button')[0]?.click();
    expect(service.commands).to.deep.equal([['reloadHistory']]);
    service.$callHistoryState.set('off');
    await element.updateComplete;
    expect(textOf(element, '.empty')).to.contain('aren’t saved');
    service.$callHistoryState.set('ready');
    await element.updateComplete;
    expect(textOf(element, '.empty')).to.equal('No calls yet');
  });

  it('reports a deletion that fails', async () => {
    const { element, service } = await list();
    service.failure = new CallError('destroyed');
    button(element, 'delete-button').click();
    await waitUntil(() => service.reported.length === 1);
    expect(namesIn(element)).to.have.length(4);
    expect(hasPart(element, 'undo-button')).to.equal(false);
  });

  it('can restore calls after a change of the configuration, and when the list was moved', async () => {
    const { element, service, provider } = await list();
    button(element, 'delete-button').click();
    await waitUntil(() => hasPart(element, 'undo-button'));
    provider.renew();
    const place = document.createElement('div');
    provider.append(place);
    place.append(element);
    await element.updateComplete;
    button(element, 'undo-button').click();
    await waitUntil(() => namesIn(element).length === 4);
    expect(service.commands.map(([name]) => name)).to.deep.equal([
      'deleteHistory',
      'restoreHistory',
    ]);
  });

  describe('the offer to restore calls', () => {
    afterEach(() => resetMouse());

    async function deleted() {
      clock = createFakeClock();
      const shown = await list(someCalls(), () => {}, html`<timed-history></timed-history>`);
      button(shown.element, 'delete-button').click();
      await waitUntil(() => hasPart(shown.element, 'undo-button'));
      const offeredAfter = async (ms: number): Promise<boolean> => {
        await clock.advance(ms);
        await shown.element.updateComplete;
        return hasPart(shown.element, 'undo-button');
      };
      return { ...shown, offeredAfter };
    }

    it('disappears after 50 seconds', async () => {
      const { offeredAfter } = await deleted();
      expect(await offeredAfter(UNDO_MS - 1)).to.equal(true);
      expect(await offeredAfter(1)).to.equal(false);
    });

    it('starts again while its button has the focus', async () => {
      const { element, offeredAfter } = await deleted();
      button(element, 'undo-button').focus();
      expect(await offeredAfter(UNDO_MS)).to.equal(true);
      button(element, 'undo-button').blur();
      expect(await offeredAfter(UNDO_MS - 1)).to.equal(true);
      expect(await offeredAfter(1)).to.equal(false);
    });

    it('starts again while the mouse is on its button', async () => {
      const { element, offeredAfter } = await deleted();
      const { left, top } = button(element, 'undo-button').getBoundingClientRect();
      await sendMouse({ type: 'move', position: [Math.ceil(left) + 5, Math.ceil(top) + 5] });
      await waitUntil(() => button(element, 'undo-button').matches(':hover'));
      expect(await offeredAfter(UNDO_MS)).to.equal(true);
      await resetMouse();
      await waitUntil(() => !element.matches(':hover'));
      expect(await offeredAfter(UNDO_MS)).to.equal(false);
    });

    it('starts again ten times, so that it is not there longer than the calls', async () => {
      const { element, offeredAfter } = await deleted();
      button(element, 'undo-button').focus();
      for (let restarts = 0; restarts < MAX_UNDO_RESTARTS; restarts++)
        expect(await offeredAfter(UNDO_MS), String(restarts)).to.equal(true);
      expect(await offeredAfter(UNDO_MS)).to.equal(false);
    });
  });

  it('cannot restore calls of another user', async () => {
    const { element, service } = await list();
    button(element, 'delete-button').click();
    await waitUntil(() => hasPart(element, 'undo-button'));
    service.user = user('gus');
    service.$callHistory.set([]);
    await element.updateComplete;
    expect(hasPart(element, 'undo-button')).to.equal(false);
  });

  it('cannot restore calls that another provider of the user has deleted', async () => {
    const { element } = await list();
    const { provider } = await list();
    button(element, 'delete-button').click();
    await waitUntil(() => hasPart(element, 'undo-button'));
    provider.append(element);
    await element.updateComplete;
    expect(hasPart(element, 'undo-button')).to.equal(false);
  });

  it('fits into 320 px and into right-to-left pages, with long names', async () => {
    await setViewport({ width: 320, height: 640 });
    try {
      const long = user('long', 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3));
      for (const lang of ['en', 'de', 'ar', 'ja']) {
        const { element } = await list(
          [...someCalls(), historyEntry('long', { at: noon(50), caller: long })],
          () => {},
          html`<call-history lang=${lang}></call-history>`,
        );
        await waitUntil(() => element.shadowRoot!.querySelector('section')?.lang === lang, lang);
        const { right, left } = element.getBoundingClientRect();
        for (const part of all(element, 'button, .name, .facts > *, label')) {
          const box = part.getBoundingClientRect();
          expect(box.right, `${lang} ${part.textContent}`).to.be.at.most(right + 1);
          expect(box.left, `${lang} ${part.textContent}`).to.be.at.least(left - 16);
        }
        const tops = all(element, 'label').map((label) => label.getBoundingClientRect().top);
        for (const top of tops)
          expect(tops.filter((other) => other === top).length, `${lang}: filters`).to.be.at.least(
            2,
          );
        for (const target of all(element, 'button, label')) {
          expect(target.getBoundingClientRect().height).to.be.at.least(44);
        }
        expect(element.shadowRoot!.querySelector('section')?.dir).to.equal(
          lang === 'ar' ? 'rtl' : 'ltr',
        );
        await expectAccessible(element);
      }
    } finally {
      await setViewport({ width: 800, height: 600 });
    }
  });

  it('is accessible, light and dark, also after a deletion and while it fails', async () => {
    const { element, service } = await list();
    await expectAccessible(element);
    service.$callHistoryState.set('failed');
    button(element, 'delete-button').click();
    await waitUntil(() => hasPart(element, 'undo-button'));
    await expectAccessible(element);
    expect(element.shadowRoot!.querySelector('ul')?.getAttribute('aria-labelledby')).to.match(
      /^day-/,
    );
  });

  it('is not shown without a provider', async () => {
    const element = document.createElement('call-history');
    document.body.append(element);
    await element.updateComplete;
    expect(getComputedStyle(element).display).to.equal('none');
    element.remove();
  });
});
