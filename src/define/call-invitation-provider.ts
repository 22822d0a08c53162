/**
 * Registers `<call-invitation-provider>`, the element that owns the calls of a page. Does nothing if the tag is already
 * defined. Its types include those of all events.
 */
export type { CallFactEvent } from '../index.js';
import { CallInvitationProvider } from '../components/call-invitation-provider/call-invitation-provider.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('call-invitation-provider', CallInvitationProvider);

export { CallInvitationProvider };
