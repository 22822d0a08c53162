/** A request to join or rejoin a call. */
export interface Joining {
  /** The round that the coordinator is requested to open for this user. */
  readonly round: number;
  /** After a reload: the former device ID of this page. */
  readonly replaces: string | undefined;
  /** A member has answered that another device of this user is in. */
  readonly isInElsewhere: boolean;
  /** Users who were in the call, and have reported since that they are not in it any more. */
  readonly reports: readonly string[];
}
