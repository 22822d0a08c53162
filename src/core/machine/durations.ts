/** The durations of the protocol's timers, in ms. */

/** The coordinator waits this long after the time-out of an invitation, for an accept that is still on its way. */
export const COORDINATOR_GRACE_MS = 2_000;
/**
 * Other members count an invitation as timed out this long after its time-out, without a message of the coordinator.
 */
export const BACKUP_GRACE_MS = 14_000;
/** An invitation with less remaining time does not ring, unless that is more than half of its time-out. */
export const MIN_RING_MS = 3_000;
/** How long an unanswered invitation settles after the coordinator's `cancel`. */
export const SETTLE_AFTER_NOTICE_MS = 3_000;
/** How long an unanswered invitation settles after this device's own ring timer. */
export const SETTLE_AFTER_OWN_TIMER_MS = 6_000;
/** The coordinator concludes busy this long after the last busy answer. */
export const BUSY_WAIT_MS = 8_000;
/** A coordinator that has reconnected concludes neither busy nor a time-out within this time after the initial sync. */
export const AFTER_SYNC_MS = 2_000;
/** How long a device that has accepted waits for its selection. */
export const SELECT_WAIT_MS = 20_000;
/** A `select` or `cancel` that the server has rejected is repeated after this time. */
export const DECIDE_AGAIN_MS = 2_000;
/** How long a member who transfers a call stays in it after the other user has come in: meanwhile the others connect. */
export const TRANSFER_LEAVE_MS = 2_000;
/** How long a failed transfer is shown. */
export const SHOW_FAILED_TRANSFER_MS = 8_000;
/** How long to wait for a link to a selected member before asking that member's device. */
export const LINK_WAIT_MS = 30_000;
/** How long to wait for the answer to a `sync`. */
export const SYNC_ANSWER_WAIT_MS = 6_000;
/** Least interval between two `sync` messages about a call to the same device. */
export const SYNC_PAUSE_MS = 2_000;
/** A link that is not up is rebuilt if nothing has arrived over it for this time. */
export const RELINK_WAIT_MS = 12_000;
/** Delay before a failed link is rebuilt. */
export const RELINK_PAUSE_MS = 500;
/** How long a device that joins waits for its selection. */
export const JOIN_WAIT_MS = 8_000;
/** How long an invitation from the inbox may ring without confirmation that somebody is in the call. */
export const INBOX_TRUST_MS = 5_000;
/** How long the end of a call is shown. */
export const SHOW_END_MS = 2_000;
/** Assumed remaining time of a member if no message has contained it. */
export const UNKNOWN_REMAINING_MS = 60_000;
/** After a statement about its calls that the server has rejected, a device waits this long before it repeats it. */
export const STATE_CALLS_AGAIN_MS = 5_000;
/** How long message IDs and ended calls are remembered. */
export const KEEP_HANDLED_MS = 600_000;
/** After a reconnect, the end of calls that ended within this time is sent again. */
export const REPEAT_END_MS = 60_000;
