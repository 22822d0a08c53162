/** Registers `<missed-call-list>`, the list of missed calls. Does nothing if the tag is already defined. */
import { MissedCallList } from '../components/missed-call-list/missed-call-list.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('missed-call-list', MissedCallList);

export { MissedCallList };
