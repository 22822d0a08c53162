import type {
  CallStatus,
  CallType,
  CallUser,
  EndReason,
  MemberState,
  NotificationTexts,
} from '../protocol/vocabulary.js';
import type { ConnectionLevel, LocalMedia, RemoteMedia } from '../ports/media.js';
import type { TransferSnapshot } from '../machine/snapshot-types.js';
import type { SharedScreen } from '../ports/screen.js';

/**
 * State of the signalling connection. `offline`: reconnecting, with growing delays. `refused`: the server rejects this
 * user; no further attempt until the page sets another token or calls `reconnect`.
 */
export type Connection = 'connecting' | 'connected' | 'offline' | 'refused';

/** A user in a call. For the user of this device, `microphone` and `camera` are the actual states of the sources. */
export interface Member extends CallUser {
  readonly state: MemberState;
  /** Whether this is the user of this device. */
  readonly self: boolean;
  /** Custom data of the user's answer: of the accept or of the decline. Empty before, and if there are none. */
  readonly customData: string;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /**
   * What they share, and whether it is paused. Undefined while no screen is shared, and for members with an older version of
   * ringkit.
   */
  readonly sharedScreen?: SharedScreen | undefined;
  /** Whether they do not send their picture to this device at present, to keep the sound clear. */
  readonly picturePaused: boolean;
  /** Whether they have put the call on hold. Absent: they have not. */
  readonly onHold?: boolean;
  /** Whether this device does not send its picture to them at present, to keep the sound clear. */
  readonly ownPicturePaused: boolean;
  /**
   * How well they are connected to the call, as far as this device can tell. A problem is attributed to one end: if it is
   * that of this device, only its own user has it here. Undefined while nothing is known, as before the first link is up.
   */
  readonly connection: ConnectionLevel | undefined;
}

/** A member whose connection has changed. */
export interface MemberConnection {
  readonly userID: string;
  readonly connection: ConnectionLevel;
}

/** The call of this device at one moment. While `idle`, IDs are `''` and lists are empty. */
export interface CallSnapshot {
  readonly status: CallStatus;
  readonly callID: string;
  /** Whether this user has put the call on hold. Absent: not. */
  readonly onHold?: boolean;
  /** The member `by` gives the own place in the call to the user `to`. Absent: nobody does. */
  readonly transfer?: TransferSnapshot;
  readonly callType: CallType;
  readonly customData: string;
  /** Whether it is a group call: it has, or had, more than two members. */
  readonly group: boolean;
  /** Who placed the call. */
  readonly initiator: CallUser | undefined;
  /** Who invited this user; undefined for the initiator. */
  readonly inviter: CallUser | undefined;
  /** All users who are in the call or invited, this user included. */
  readonly members: readonly Member[];
  /** Set only with the status `ended`. */
  readonly endReason: EndReason | undefined;
  /**
   * When the call became active on this device, in ms since the epoch by the time of day at that moment. To get its
   * duration use `callDuration`: the time of day may have been set since.
   */
  readonly startedAt: number | undefined;
  /** Identifies the app's own notification resources, as sent by the caller. */
  readonly resourceID?: string | undefined;
  /** The caller's texts for the notification of the call. */
  readonly notification?: NotificationTexts;
  /** Whether the user has silenced its ringing, in this or another page of this browser. */
  readonly silenced: boolean;
}

/** Microphone, camera and screen of this device. */
export interface LocalMediaSnapshot extends LocalMedia {}

/**
 * What another member sends. `sound` and `picture` have the tracks of `stream` by kind: a page that shows a member in a video
 * element and plays the sound elsewhere saves the browser work with them.
 *
 * @example
 * ```js
 * const media = service.$remoteMedia.get().get('bob');
 * video.srcObject = media?.picture ?? null;
 * audio.srcObject = media?.sound ?? null;
 * ```
 */
export interface RemoteMediaSnapshot extends Pick<
  RemoteMedia,
  'stream' | 'sound' | 'picture' | 'screen'
> {}
