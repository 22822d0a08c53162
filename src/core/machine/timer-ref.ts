/** Names of timers carry call, user, round, device and link, so that a stale one fits nothing. */
export interface TimerRef {
  readonly callID: string;
  readonly kind:
    /** ring: stop ringing here */
    | 'ring'
    /** invitation: an invitee's time is over (for the coordinator, or for every other member) */
    | 'invitation'
    /** busy: conclude busy eight seconds after the last busy answer */
    | 'busy'
    /** settle: an own invitation stopped unanswered; missed or not? */
    | 'settle'
    /** silent: an invitation that is followed silently runs out */
    | 'silent'
    /** select: accepted, not selected */
    | 'select'
    /** link: no link to a selected member */
    | 'link'
    /** probe: the other device did not answer a sync */
    | 'probe'
    /** relink: build a failed link anew */
    | 'relink'
    | 'join'
    /** learn: nobody told about a call to join that this device does not know */
    | 'learn'
    /** confirm: nobody confirmed an invitation of the inbox, or who is in */
    | 'confirm'
    /** doubt: a device that is said to have left did not answer */
    | 'doubt'
    /** shown: the end has been read */
    | 'shown';
  readonly user?: string;
  readonly round?: number;
  readonly device?: string;
  readonly link?: number | undefined;
}
