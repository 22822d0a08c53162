/*
 * What a device knows of its user beyond its own calls.
 */

/** The calls that another device of this user has stated to be in, and when, by the server's clock in ms. */
export interface OtherDevice {
  readonly callIDs: readonly string[];
  readonly at: number;
}

/** The user has changed which calls ring, on this or another device. */
export interface PreferencesChanged {
  readonly type: 'preferences.changed';
  readonly doNotDisturb: boolean;
  /** IDs of the blocked users. */
  readonly blocked: readonly string[];
}
