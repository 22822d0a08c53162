import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import {
  button,
  expectAccessible,
  inProvider,
  pressed,
  textOf,
} from '../../../test/support/elements.js';
import { user } from '../../../test/support/fake-service.js';
import { CallError } from '../../core/service/call-error.js';
import type { CallStartEvent } from '../shared/call-start-event.js';
import { defineOnce } from '../shared/define-once.js';
import { StartCallButton } from './start-call-button.js';

// Created and set before the element is defined, as a page may do.
const early = document.createElement('start-call-button');
early.callees = [user('ben', 'Ben Ortiz')];
early.timeoutSeconds = 20;
defineOnce('start-call-button', StartCallButton);

const press = (element: Element, prevent = false) =>
  pressed<CallStartEvent>(element, 'button', 'call-start', prevent);

describe('<start-call-button>', () => {
  it('fires call-start, then rings the callees', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben  chen"></start-call-button>`,
    );
    const event = press(element);
    expect(event.callees).to.deep.equal(['ben', 'chen']);
    expect(event.callType).to.equal('voice');
    expect(event.customData).to.equal('');
    expect(service.commands).to.deep.equal([
      ['send', { invitees: ['ben', 'chen'], callType: 'voice', customData: '' }],
    ]);
  });

  it('accepts JSON, and all options of an invitation', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button
        callees='["ben", {"userID": "chen", "userName": "Chen"}]'
        call-type="video"
        custom-data="order 7"
        timeout-seconds="15"
      ></start-call-button>`,
    );
    press(element);
    expect(service.commands).to.deep.equal([
      [
        'send',
        {
          invitees: ['ben', user('chen', 'Chen')],
          callType: 'video',
          customData: 'order 7',
          timeoutSeconds: 15,
        },
      ],
    ]);
  });

  it('keeps properties that were set before the element was defined', async () => {
    const { provider, service } = await inProvider(html`<span></span>`);
    provider.append(early);
    await early.updateComplete;
    early.click();
    expect(service.commands).to.deep.equal([
      [
        'send',
        {
          invitees: [user('ben', 'Ben Ortiz')],
          callType: 'voice',
          customData: '',
          timeoutSeconds: 20,
        },
      ],
    ]);
  });

  it('places no call if the page prevents the event', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
    );
    press(element, true);
    expect(service.commands).to.deep.equal([]);
  });

  it('places no call while it is disabled', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben" disabled></start-call-button>`,
    );
    expect(button(element, 'button').disabled).to.equal(true);
    element.click();
    expect(service.commands).to.deep.equal([]);
  });

  it('places one call for a double click', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
    );
    const inner = button(element, 'button');
    inner.dispatchEvent(new MouseEvent('click', { detail: 1 }));
    inner.dispatchEvent(new MouseEvent('click', { detail: 2 }));
    await Promise.resolve();
    expect(service.commands).to.have.length(1);
  });

  it('can be used by keyboard', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
    );
    element.focus();
    expect(element.shadowRoot?.activeElement).to.equal(button(element, 'button'));
    await sendKeys({ press: 'Enter' });
    expect(service.commands).to.have.length(1);
  });

  it('shows and reports why no call was placed', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
    );
    service.failure = new CallError('not-connected', 'offline');
    press(element);
    await new Promise((resolve) => setTimeout(resolve));
    expect(service.reported).to.deep.equal([service.failure]);
    expect(textOf(element, '[role=status]')).to.equal('No connection. Try again in a moment');
    service.failure = new CallError('busy', 'in a call');
    press(element);
    await new Promise((resolve) => setTimeout(resolve));
    expect(textOf(element, '[role=status]')).to.equal('You’re already in a call');
  });

  it('reports invalid JSON, and an object that was set as an attribute', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="[ben" custom-data="[object Object]"></start-call-button>`,
    );
    const messages = () => (service.reported as CallError[]).map(({ message }) => message);
    expect(messages()).to.deep.equal([
      'callees is not valid JSON.',
      'start-call-button: custom-data="[object Object]" was set before the kit was loaded; set it as a property.',
    ]);
    element.click();
    expect(service.commands).to.deep.equal([]);
    expect(messages()).to.have.length(3);
  });

  it('refuses user IDs that are separated by commas, when they are set and when it is pressed', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben,chen"></start-call-button>`,
    );
    const [error] = service.reported as CallError[];
    expect(error?.code).to.equal('invalid-argument');
    expect(error?.message).to.match(/^callees="ben,chen" contains a comma\. Separate user IDs by/);
    element.click();
    expect(service.commands).to.deep.equal([]);
    expect(service.reported).to.have.length(2);
    element.setAttribute('callees', '["ben,chen"]');
    await element.updateComplete;
    element.click();
    expect(service.commands).to.deep.equal([
      ['send', { invitees: ['ben,chen'], callType: 'voice', customData: '' }],
    ]);
  });

  it('reports that it was given no callees, unless the page places the call', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button></start-call-button>`,
    );
    press(element, true);
    expect(service.reported).to.deep.equal([]);
    press(element);
    expect(service.commands).to.deep.equal([]);
    const errors = service.reported as CallError[];
    expect(errors.map(({ code }) => code)).to.deep.equal(['invalid-argument']);
    expect(errors[0]?.message).to.contain('has no callees. Set the attribute or the property');
  });

  it('fires an error event itself if there is no provider', async () => {
    const element = await fixture<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
    );
    const errors: unknown[] = [];
    element.addEventListener('error', ({ error }) => errors.push(error));
    element.click();
    expect((errors as CallError[]).map(({ code }) => code)).to.deep.equal(['not-connected']);
  });

  it('shows that the browser cannot make calls', async () => {
    const { element } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
      (provider) => (provider.canTakeCalls = false),
    );
    expect(textOf(element, '[role=status]')).to.equal('This browser doesn’t support calls');
  });

  it('gets its accessible name from its slot, or else describes its action', async () => {
    const { element } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben">Talk to Ben</start-call-button>`,
    );
    const slot = element.shadowRoot?.querySelector('slot');
    expect(slot?.assignedNodes()[0]?.textContent).to.equal('Talk to Ben');
    const { element: other } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben" call-type="video"></start-call-button>`,
    );
    expect(textOf(other, 'slot')).to.equal('Video call');
  });

  it('can be hidden', async () => {
    const { element } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben" hidden></start-call-button>`,
    );
    expect(getComputedStyle(element).display).to.equal('none');
  });

  it('passes the accessibility checks', async () => {
    const { element, service } = await inProvider<StartCallButton>(
      html`<start-call-button callees="ben"></start-call-button>`,
    );
    await expectAccessible(element);
    service.failure = new CallError('busy', 'busy');
    element.click();
    await new Promise((resolve) => setTimeout(resolve));
    await expectAccessible(element);
    element.disabled = true;
    await expectAccessible(element);
  });
});
