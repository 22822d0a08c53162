/** Draws identifiers that nobody can guess and nobody has drawn before. */
export interface Ids {
  callID(): string;
  deviceID(): string;
}
