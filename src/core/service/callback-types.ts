import type { MachineCallbacks } from '../machine/machine-callbacks.js';
import type { MissedCallClicked } from '../ports/missed-calls.js';
import type { MemberConnection, CallSnapshot } from './snapshots.js';

/**
 * Callbacks of the page, all optional. Each is called at most once for the same event. If a callback throws or rejects,
 * the error is passed to `onError`, and the call goes on. Callbacks may call the service.
 */
export type InvitationEvents = {
  [K in keyof MachineCallbacks]?: (...args: MachineCallbacks[K]) => unknown;
} & {
  /**
   * The user has clicked a missed call, in its notification or in the list. If this callback is set, the default action
   * does not run automatically: `defaultAction` calls back (joins a group call if it is still ongoing), at most once.
   * It settles when the call was placed or has failed, and never rejects. With `enableDialBack: false` it does nothing.
   */
  onIncomingMissedCallClicked?: (...args: MissedCallClicked) => unknown;
  /** Calling back failed, for any reason; or a missed group call could not be joined. */
  onIncomingMissedCallDialBackFailed?: () => unknown;
  /**
   * The connection of members has changed, this user included: `good`, `fair`, `poor` or `lost`. A problem is attributed
   * to one end.
   */
  onMemberConnectionChanged?: (callID: string, members: MemberConnection[]) => unknown;
  /** The status of this device's call changed. */
  onCallStateChanged?: (call: CallSnapshot) => unknown;
  /** A callback threw or rejected, an action of an element failed, or a media source could not be opened. */
  onError?: (error: unknown) => unknown;
};

/** Names and arguments of all callbacks of `invitationEvents` and `listen`. */
export type CallbackMap = MachineCallbacks & {
  onIncomingMissedCallClicked: MissedCallClicked;
  onIncomingMissedCallDialBackFailed: [];
  onMemberConnectionChanged: [callID: string, members: MemberConnection[]];
  onCallStateChanged: [call: CallSnapshot];
  onError: [error: unknown];
};

export type CallbackName = keyof CallbackMap;
