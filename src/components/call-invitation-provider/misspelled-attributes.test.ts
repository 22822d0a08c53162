import { expect, fixture, html } from '@open-wc/testing';
import { inProvider } from '../../../test/support/elements.js';
import type { CallError } from '../../core/service/call-error.js';
import { CallInvitationProvider } from './call-invitation-provider.js';
import { StartCallButton } from '../start-call-button/start-call-button.js';
import { defineOnce } from '../shared/define-once.js';

defineOnce('start-call-button', StartCallButton);
defineOnce('call-invitation-provider', CallInvitationProvider);

describe('attributes that are written like properties', () => {
  it('are reported by elements, with what to write instead', async () => {
    const { provider, service } = await inProvider(html`<span></span>`);
    const element = document.createElement('start-call-button');
    for (const name of ['callees', 'callType', 'customdata', 'disabled'])
      element.setAttribute(name, '');
    provider.append(element);
    await element.updateComplete;
    expect((service.reported as CallError[]).map(({ message }) => message)).to.deep.equal([
      'start-call-button has no attribute calltype: write call-type, or set the property callType in a script.',
      'start-call-button has no attribute customdata: write custom-data, or set the property customData in a script.',
    ]);
  });

  it('are reported by the provider, once, not again when it is moved', async () => {
    const place = await fixture<HTMLElement>(html`<div></div>`);
    const provider = document.createElement('call-invitation-provider');
    const errors: unknown[] = [];
    provider.addEventListener('error', ({ error }) => errors.push((error as CallError).message));
    provider.setAttribute('userID', 'ann');
    provider.setAttribute('invitationEvents', '');
    place.append(provider);
    await provider.updateComplete;
    place.prepend(provider);
    await provider.updateComplete;
    expect(errors).to.deep.equal([
      'call-invitation-provider has no attribute userid: write user-id, or set the property userID in a script.',
      'call-invitation-provider has no attribute invitationevents: set the property invitationEvents in a script.',
    ]);
  });
});
