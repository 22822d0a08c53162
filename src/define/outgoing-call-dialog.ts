/** Registers `<outgoing-call-dialog>`, which shows an outgoing call. Does nothing if the tag is already defined. */
import { OutgoingCallDialog } from '../components/outgoing-call-dialog/outgoing-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('outgoing-call-dialog', OutgoingCallDialog);

export { OutgoingCallDialog };
