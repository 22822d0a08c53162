/**
 * The module for a script tag (`dist/ringkit.js`). It registers the provider and the dialogs for incoming and outgoing
 * calls; the rest of the library is loaded when a call needs it, or when one of its elements is in the document.
 */
import { CallInvitationProvider } from '../components/call-invitation-provider/call-invitation-provider.js';
import { IncomingCallDialog } from '../components/incoming-call-dialog/incoming-call-dialog.js';
import { OutgoingCallDialog } from '../components/outgoing-call-dialog/outgoing-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';
import { ongoingViewPart } from '../components/shared/ongoing-view-part.js';
import { settingsPart } from '../components/shared/settings-part.js';
import { lazyPart } from '../core/loading/lazy-part.js';
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
  loadWhenPresent(
    {
      'ongoing-call-view': ongoingViewPart,
      'call-settings': settingsPart,
      'invite-to-call-button': lazyPart(
        'the invite button',
        () => import('../components/invite-to-call-button/invite-to-call-button.js'),
        'InviteToCallButton',
      ),
      'call-history': lazyPart(
        'the call history',
        () => import('../components/call-history/call-history.js'),
        'CallHistory',
      ),
      'missed-call-list': lazyPart(
        'the list of missed calls',
        () => import('../components/missed-call-list/missed-call-list.js'),
        'MissedCallList',
      ),
      'start-call-button': lazyPart(
        'the call button',
        () => import('../components/start-call-button/start-call-button.js'),
        'StartCallButton',
      ),
    },
    report,
  );
}
