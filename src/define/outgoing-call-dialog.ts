/** Registers `<outgoing-call-dialog>`: whom one calls. A tag that is taken stays as it is. */
import { OutgoingCallDialog } from '../components/outgoing-call-dialog/outgoing-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('outgoing-call-dialog', OutgoingCallDialog);

export { OutgoingCallDialog };
