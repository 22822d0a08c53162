/**
 * The module for a script tag (`dist/ringkit.js`). It registers all elements at once, also for shadow roots that no script
 * can observe, except `<ongoing-call-view>`: that large one is loaded when it is in the document, or when a call needs it.
 */
import { CallHistory } from '../components/call-history/call-history.js';
import { CallInvitationProvider } from '../components/call-invitation-provider/call-invitation-provider.js';
import { CallSettings } from '../components/call-settings/call-settings.js';
import { IncomingCallDialog } from '../components/incoming-call-dialog/incoming-call-dialog.js';
import { InviteToCallButton } from '../components/invite-to-call-button/invite-to-call-button.js';
import { MissedCallList } from '../components/missed-call-list/missed-call-list.js';
import { OutgoingCallDialog } from '../components/outgoing-call-dialog/outgoing-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';
import { ongoingViewPart } from '../components/shared/ongoing-view-part.js';
import { StartCallButton } from '../components/start-call-button/start-call-button.js';
import { isFirstCopy } from './first-copy.js';
import { loadWhenPresent } from './load-when-present.js';

/** Reports to the page's provider, else to the page itself, that the code of an element failed to load. */
function report(error: unknown): void {
  const provider = document.querySelector('call-invitation-provider');
  if (provider instanceof CallInvitationProvider) provider.service.report(error);
  else reportError(error);
}

if (isFirstCopy()) {
  // The provider first: the other elements look for it when they are defined.
  defineOnce('call-invitation-provider', CallInvitationProvider);
  defineOnce('incoming-call-dialog', IncomingCallDialog);
  defineOnce('outgoing-call-dialog', OutgoingCallDialog);
  defineOnce('start-call-button', StartCallButton);
  defineOnce('invite-to-call-button', InviteToCallButton);
  defineOnce('missed-call-list', MissedCallList);
  defineOnce('call-history', CallHistory);
  defineOnce('call-settings', CallSettings);
  loadWhenPresent({ 'ongoing-call-view': ongoingViewPart }, report);
}
