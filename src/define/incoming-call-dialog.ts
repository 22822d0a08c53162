/** Registers `<incoming-call-dialog>`, which shows an incoming call. Does nothing if the tag is already defined. */
import { IncomingCallDialog } from '../components/incoming-call-dialog/incoming-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('incoming-call-dialog', IncomingCallDialog);

export { IncomingCallDialog };
