/** Registers `<ongoing-call-view>`: the call itself. A tag that is taken stays as it is. */
import { OngoingCallView } from '../components/ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('ongoing-call-view', OngoingCallView);

export { OngoingCallView };
