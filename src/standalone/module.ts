/**
 * The module for a script tag (`dist/ringkit.js`). It registers what rings at once; the rest of the kit is loaded when
 * a call needs it, or when an element of it is in the document.
 */
import { CallInvitationProvider } from '../components/call-invitation-provider/call-invitation-provider.js';
import { IncomingCallDialog } from '../components/incoming-call-dialog/incoming-call-dialog.js';
import { OutgoingCallDialog } from '../components/outgoing-call-dialog/outgoing-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';
import { ongoingViewPart } from '../components/shared/ongoing-view-part.js';
import { lazyPart } from '../core/loading/lazy-part.js';
import { isFirstCopy } from './first-copy.js';
import { loadWhenPresent } from './load-when-present.js';

/** Tells the page's provider, else the page itself, that an element of the document can't be had. */
function report(error: unknown): void {
  const provider = document.querySelector('call-invitation-provider');
  if (provider instanceof CallInvitationProvider) provider.service.report(error);
  else reportError(error);
}

if (isFirstCopy()) {
  // The provider first: it is there when the others look for it.
  defineOnce('call-invitation-provider', CallInvitationProvider);
  defineOnce('incoming-call-dialog', IncomingCallDialog);
  defineOnce('outgoing-call-dialog', OutgoingCallDialog);
  loadWhenPresent(
    {
      'ongoing-call-view': ongoingViewPart,
      'invite-to-call-button': lazyPart(
        'the invite button',
        () => import('../components/invite-to-call-button/invite-to-call-button.js'),
        'InviteToCallButton',
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
