/** Identifies a timer by call, user, round, device and link, so that a stale timer has no effect. */
export interface TimerRef {
  readonly callID: string;
  readonly kind:
    /** Stops ringing on this device. */
    | 'ring'
    /** An invitation has timed out, on a device that is in the call. */
    | 'invitation'
    /** Concludes busy eight seconds after the last busy answer. */
    | 'busy'
    /** Decides whether an unanswered invitation was missed. */
    | 'settle'
    /** An invitation that is followed silently has timed out. */
    | 'silent'
    /** Repeats a `select` or `cancel` that the server has rejected. */
    | 'decide-again'
    /** This device has accepted, but was not selected. */
    | 'select'
    /** There is still no link to a selected member. */
    | 'link'
    /** The other device did not answer a `sync`. */
    | 'probe'
    /** Rebuilds a link. */
    | 'relink'
    | 'join'
    /** No member has described an unknown call that this device wants to join. */
    | 'learn'
    /** Asks again about claims; an invitation from the inbox was not confirmed. */
    | 'confirm'
    /** Asks a device about a statement that was received in the pause after the last question. */
    | 'ask'
    /** A device that has left according to another member did not answer. */
    | 'leave-query'
    /** A device that was selected has sent nothing since, and there is no link to it. */
    | 'unheard'
    /** A user to whom this user transfers the call has come in: this device leaves. Or: a failed transfer was shown. */
    | 'transfer'
    /** States the calls of this device again, after the server has rejected the statement. */
    | 'state-calls'
    /** Stops showing the end of a call. */
    | 'shown';
  readonly user?: string;
  readonly round?: number;
  readonly device?: string | undefined;
  readonly link?: number | undefined;
}
