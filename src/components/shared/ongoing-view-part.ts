import { lazyPart } from '../../core/loading/lazy-part.js';

/** The code of `<ongoing-call-view>`. The provider shows a `<minimal-call-view>` until it is loaded. */
export const ongoingViewPart = lazyPart(
  'the view of the call',
  () => import('../ongoing-call-view/ongoing-call-view.js'),
  'OngoingCallView',
);
