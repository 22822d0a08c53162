import type { MissedCallConfig } from '../ports/missed-calls.js';
import type { MediaEffect, ProcessTrack } from '../ports/media-effects.js';
import type { CallSnapshot } from './snapshots.js';

/** Limits and processing of the media of calls. An invalid value is reported to `onError`, and its default is used. */
export interface MediaConfig {
  /** Highest bitrate of each picture that is sent to each member, 30–20,000 kbit/s. Default 1,500. */
  maxVideoBitrateKbps?: number;
  /** Bitrate of the sound that is sent to each member, 16–510 kbit/s. Default 40. */
  maxAudioBitrateKbps?: number;
  /** Most lines of the camera's picture, 90–2,160. Default 720. */
  maxFrameHeight?: number;
  /** Whether no picture is sent or received, also in video calls. Default `false`. */
  audioOnly?: boolean;
  /** Whether the browser removes the echo of the speakers from the microphone's sound. Default `true`. */
  echoCancellation?: boolean;
  /** Whether the browser reduces background noise. Default `true`. */
  noiseSuppression?: boolean;
  /** Whether the browser evens out the volume of the microphone. Default `true`. */
  autoGainControl?: boolean;
  /**
   * Makes another track from that of the microphone, for each device and each time it is opened. If it fails, or takes
   * more than ten seconds, the microphone's own track is sent, and `onError` gets a `media-failed`. Runs after `effects`.
   */
  processAudio?: ProcessTrack;
  /** The same for the camera. */
  processVideo?: ProcessTrack;
  /** Ways to process sound and picture that the user can switch on and off. They run in this order. */
  effects?: readonly MediaEffect[];
}

/**
 * A URL, or the name of a built-in ringtone: `ringkit:marimba`, `ringkit:bell`, `ringkit:chime`, `ringkit:pulse` or
 * `ringkit:harp`; `false` is silence.
 */
export type Ringtone = string | false;

/** How screens are shared. An invalid value is reported to `onError`, and its default is used. */
export interface ScreenConfig {
  /** Whether the user may share the sound of the screen, in browsers that offer it. Default `true`. */
  sound?: boolean;
  /** What to keep when the network is slow: `detail` for readable text, or `motion` for videos. Default `detail`. */
  contentHint?: 'detail' | 'motion';
}

/** Options for calls that reach this user while no page of theirs is open, by a notification. */
export interface OfflineConfig {
  /**
   * Whether a call that was accepted in its notification is entered as soon as the page that the notification opens is connected.
   * With `false`, the call waits for `service.enterAcceptedCall()`, without a ringtone. Default `true`.
   */
  autoEnterAcceptedOfflineCall?: boolean;
}

/** Options for all calls. They are read at each use: setting a new object does not restart anything. */
export interface CallConfig {
  /**
   * Ends the call for everyone when its initiator leaves or is lost. Default `false`. The initiator's value applies.
   */
  endCallWhenInitiatorLeave?: boolean;
  /** Time-out of invitations, 1–600 seconds. Default 60. */
  invitationTimeoutSeconds?: number;
  /**
   * Whether a second call rings during a call (call waiting): the user accepts it instead of the running one, which is put on
   * hold or ended. Otherwise the second caller hears that this user is busy. Default `false`.
   */
  callWaiting?: boolean;
  /**
   * How long the end of a call is shown with the offer to call again, 0–600 seconds. Default 8. At least 60 if the connection was
   * lost, and at most 2 if this user has hung up. More than 600 is 600; other values give the default.
   */
  endScreenSeconds?: number;
  ringtone?: {
    /**
     * A URL, the name of a built-in ringtone, or `false` for silence; or a function that returns one of these for a
     * call (for example by its caller or type, or `false` in quiet hours), and undefined for the default. Default:
     * `ringkit:marimba`.
     */
    incoming?: Ringtone | ((call: CallSnapshot) => Ringtone | undefined);
    /** A URL, or `false` for silence. Default: a built-in ringback tone. */
    outgoing?: string | false;
  };
  defaults?: {
    /** Whether the microphone is on at the start of a call. Default `true`. */
    microphoneOn?: boolean;
    /** Whether the camera is on at the start of a call. Default: only in video calls. */
    cameraOn?: boolean;
  };
  inCalling?: {
    /** Whether members may invite more users into an ongoing call. Default `false`. */
    canInvitingInCalling?: boolean;
    /** Whether only the initiator may do so. Default `false`. */
    onlyInitiatorCanInvite?: boolean;
  };
  /** Most members of a call (a full mesh), the initiator included. Default 8. */
  maxMembers?: number;
  /**
   * Messages with which the user can decline a call, each at most 200 characters. Default: three in the user's language;
   * `[]` for none. The custom data of the decline are then the JSON text `{"message":"…"}`.
   */
  declineMessages?: readonly string[];
  missedCall?: MissedCallConfig;
  /** Options for calls that reach this user while no page of theirs is open. */
  offline?: OfflineConfig;
  /** `false`: this browser keeps no calls, and deletes those that it has. Default `true`. */
  history?: boolean;
  /**
   * Keyboard shortcuts of calls: Alt (Option on a Mac) with A to accept, M for the microphone, V for the camera, and H to
   * hang up or decline. They are off while the user types; only accepting works then too, except on a Mac, where Option
   * types characters. An object changes letters, or switches single shortcuts off. Default `true`.
   */
  shortcuts?: boolean | ShortcutConfig;
  /** Bitrates, size of pictures, and processing of sound. */
  media?: MediaConfig;
  screen?: ScreenConfig;
  page?: PageConfig;
}

/** Letters of the keyboard shortcuts, from A to Z in either case; `false`: no shortcut. Other values give the default. */
export interface ShortcutConfig {
  /** Accepts the call that rings. Default `A`. */
  accept?: string | false;
  /** Mutes and unmutes the microphone. Default `M`. */
  microphone?: string | false;
  /** Turns the camera on and off. Default `V`. */
  camera?: string | false;
  /** Hangs up, cancels, or declines. Default `H`. */
  hangUp?: string | false;
}

/** What calls may change at their page, outside of the elements. Each is done by default; `false` switches it off. */
export interface PageConfig {
  /** Marks the title of the page while a call rings and during a call. */
  markTitle?: boolean;
  /** Replaces the icon of the page while a call rings and during a call. */
  markIcon?: boolean;
  /** Vibrates while a call rings, on devices that can. */
  vibrate?: boolean;
  /** Keeps the screen on while a call has video. */
  wakeLock?: boolean;
  /** Shows the call in the media controls of the browser and of the operating system. */
  mediaSession?: boolean;
  /** Lets the browser ask before the user leaves the page during a call. */
  confirmClose?: boolean;
  /** Opens the small window of the call when the user switches to another tab, in browsers that support it. */
  autoPictureInPicture?: boolean;
}
