/**
 * An observation that affects the connections of this device, to the server and to other members:
 *
 * - `lost`: there is no network
 * - `changed`: there is a network again, or another one. Connections of before are dead
 * - `resumed`: the page was frozen or suspended for a while, or the device was asleep. Connections may be dead
 * - `suspected`: something has changed that often goes with a change of the network
 */
export type NetworkEvent = 'lost' | 'changed' | 'resumed' | 'suspected';

/** Observes the network and the life cycle of the device and its page. */
export interface NetworkEvents {
  /** Starts observing. One change may cause several events. */
  open(handle: (event: NetworkEvent) => void): void;
  close(): void;
}
