/** Registers `<call-history>`, the list of all calls. Does nothing if the tag is already defined. */
import { CallHistory } from '../components/call-history/call-history.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('call-history', CallHistory);

export { CallHistory };
