/** Registers `<invite-to-call-button>`: the button that invites more people. A tag that is taken stays as it is. */
import { InviteToCallButton } from '../components/invite-to-call-button/invite-to-call-button.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('invite-to-call-button', InviteToCallButton);

export { InviteToCallButton };
