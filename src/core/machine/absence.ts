/**
 * Why a device counts as not in the call any more.
 *
 * - `lost`: the server has reported that it lost its connection, or the device has sent that it gave up
 * - `hung-up`: its user has left this call on purpose: it has sent an invite to another call, or reports that the user had
 *   declined when it was selected
 * - `unresponsive`: it did not answer, and its link is not up
 *
 * The next message of the device ends the absence. `at` is the server's time in ms since the epoch: an older message, which
 * arrives late, does not end it.
 */
export type Absence =
  { readonly type: 'lost' | 'hung-up'; readonly at: number } | { readonly type: 'unresponsive' };
