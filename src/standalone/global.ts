/**
 * The classic script (`dist/ringkit.global.js`): the whole library in one file, with the exports of all modules as
 * `window.ringkit`.
 */
import { defineOnce } from '../components/shared/define-once.js';
import { isFirstCopy } from './first-copy.js';
import { kit } from './kit.js';

declare global {
  /** The exports of the library, if it was loaded as a classic script. */
  var ringkit: typeof kit | undefined;
}
globalThis.ringkit ??= kit;

if (isFirstCopy()) {
  defineOnce('call-invitation-provider', kit.CallInvitationProvider);
  defineOnce('incoming-call-dialog', kit.IncomingCallDialog);
  defineOnce('outgoing-call-dialog', kit.OutgoingCallDialog);
  defineOnce('ongoing-call-view', kit.OngoingCallView);
  defineOnce('call-settings', kit.CallSettings);
  defineOnce('start-call-button', kit.StartCallButton);
  defineOnce('invite-to-call-button', kit.InviteToCallButton);
  defineOnce('missed-call-list', kit.MissedCallList);
  defineOnce('call-history', kit.CallHistory);
}
