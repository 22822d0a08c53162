/**
 * The module for a script tag (`dist/ringkit.js`). It registers what rings at once; the rest of the kit is loaded when
 * a call needs it, or when an element of it is in the document.
 */
import { CallInvitationProvider } from '../components/call-invitation-provider/call-invitation-provider.js';
import { IncomingCallDialog } from '../components/incoming-call-dialog/incoming-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';
import { isFirstCopy } from './first-copy.js';
import { loadWhenPresent } from './load-when-present.js';

if (isFirstCopy()) {
  // The provider first: it is there when the others look for it.
  defineOnce('call-invitation-provider', CallInvitationProvider);
  defineOnce('incoming-call-dialog', IncomingCallDialog);
  loadWhenPresent({
    'outgoing-call-dialog': async () =>
      (await import('../components/outgoing-call-dialog/outgoing-call-dialog.js'))
        .OutgoingCallDialog,
    'ongoing-call-view': async () =>
      (await import('../components/ongoing-call-view/ongoing-call-view.js')).OngoingCallView,
    'invite-to-call-button': async () =>
      (await import('../components/invite-to-call-button/invite-to-call-button.js'))
        .InviteToCallButton,
    'missed-call-list': async () =>
      (await import('../components/missed-call-list/missed-call-list.js')).MissedCallList,
    'start-call-button': async () =>
      (await import('../components/start-call-button/start-call-button.js')).StartCallButton,
  });
}
