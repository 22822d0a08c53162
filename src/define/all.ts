/** Registers all elements. Its types include those of their events. */
export type { CallFactEvent } from '../index.js';
export { CallHistory } from './call-history.js';
export { CallInvitationProvider } from './call-invitation-provider.js';
export { CallSettings } from './call-settings.js';
export { IncomingCallDialog } from './incoming-call-dialog.js';
export { InviteToCallButton } from './invite-to-call-button.js';
export { MissedCallList } from './missed-call-list.js';
export { OutgoingCallDialog } from './outgoing-call-dialog.js';
export { OngoingCallView } from './ongoing-call-view.js';
export { StartCallButton } from './start-call-button.js';
