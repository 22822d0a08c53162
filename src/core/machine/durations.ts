/** The lengths of the protocol's timers, in ms. */

/** An accept in the last moment still counts at the coordinator. */
export const COORDINATOR_GRACE_MS = 2_000;
/** When every other member counts an invitation as timed out, if the coordinator said nothing. */
export const BACKUP_GRACE_MS = 14_000;
/** An invitation with less left does not ring, unless it is more than half of its time-out. */
export const MIN_RING_MS = 3_000;
/** How long an invitation settles after the coordinator's word. */
export const SETTLE_AFTER_NOTICE_MS = 3_000;
/** How long an invitation settles after this device's own timer. */
export const SETTLE_AFTER_OWN_TIMER_MS = 6_000;
/** After the last busy answer. */
export const BUSY_WAIT_MS = 8_000;
/** A coordinator that has just come back concludes neither busy nor a time-out yet. */
export const AFTER_SYNC_MS = 2_000;
/** Accepted, not selected. */
export const SELECT_WAIT_MS = 20_000;
/** No link to a selected member. */
export const LINK_WAIT_MS = 30_000;
/** For the answer to a `sync` to a member without a link. */
export const SYNC_ANSWER_WAIT_MS = 6_000;
/** Before the same device is asked again how the call stands. */
export const SYNC_PAUSE_MS = 2_000;
/** A link that does not come up is built anew. */
export const RELINK_WAIT_MS = 12_000;
/** After a link has failed. */
export const RELINK_PAUSE_MS = 500;
export const JOIN_WAIT_MS = 8_000;
/** An invitation out of the inbox may ring so long although nobody seems to be in. */
export const INBOX_TRUST_MS = 5_000;
/** How long the end of a call is shown. */
export const SHOW_END_MS = 2_000;
/** For a member whose remaining time nobody told. */
export const UNKNOWN_REMAINING_MS = 60_000;
/** How long message IDs and ended calls are remembered. */
export const KEEP_HANDLED_MS = 600_000;
/** After a reconnect, calls that ended so lately are told about. */
export const REPEAT_END_MS = 60_000;
