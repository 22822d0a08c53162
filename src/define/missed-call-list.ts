/** Registers `<missed-call-list>`: the calls that were missed. A tag that is taken stays as it is. */
import { MissedCallList } from '../components/missed-call-list/missed-call-list.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('missed-call-list', MissedCallList);

export { MissedCallList };
