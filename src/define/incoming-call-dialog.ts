/** Registers `<incoming-call-dialog>`: who calls, and the answer. A tag that is taken stays as it is. */
import { IncomingCallDialog } from '../components/incoming-call-dialog/incoming-call-dialog.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('incoming-call-dialog', IncomingCallDialog);

export { IncomingCallDialog };
