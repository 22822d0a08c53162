import { lazyPart } from '../../core/loading/lazy-part.js';

/** The view of the running call. Until it is there, the provider shows a `<minimal-call-view>`. */
export const ongoingViewPart = lazyPart(
  'the view of the call',
  () => import('../ongoing-call-view/ongoing-call-view.js'),
  'OngoingCallView',
);
