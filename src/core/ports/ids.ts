/** Generates random identifiers: unguessable and unique. */
export interface Ids {
  callID(): string;
  deviceID(): string;
}
