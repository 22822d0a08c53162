/**
 * Registers `<invite-to-call-button>`, the button that invites more users to a call. Does nothing if the tag is already
 * defined.
 */
import { InviteToCallButton } from '../components/invite-to-call-button/invite-to-call-button.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('invite-to-call-button', InviteToCallButton);

export { InviteToCallButton };
