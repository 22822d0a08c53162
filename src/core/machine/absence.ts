/**
 * Why a device counts as not in the call any more.
 *
 * - `lost`: the server has reported that it lost its connection, or the device has sent that it gave up. `at` is the
 *   server's time in ms since the epoch. A message of the device that is not older ends the absence
 * - `unresponsive`: it did not answer, and its link is not up. Any message of the device ends the absence
 * - `moved`: it has sent an invite to another call, and so has left this one. Any message of the device ends the
 * absence
 */
export type Absence =
  | { readonly type: 'lost'; readonly at: number }
  | { readonly type: 'unresponsive' }
  | { readonly type: 'moved' };
