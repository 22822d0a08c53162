/** Registers `<ongoing-call-view>`, the view of an ongoing call. Does nothing if the tag is already defined. */
import { OngoingCallView } from '../components/ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('ongoing-call-view', OngoingCallView);

export { OngoingCallView };
