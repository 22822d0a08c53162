import type { CallType } from '../protocol/vocabulary.js';

/** What this device sends. Streams are made once for each call and keep their identity. */
export interface LocalMedia {
  /** Microphone and camera; undefined while nothing is open. */
  readonly stream: MediaStream | undefined;
  readonly screen: MediaStream | undefined;
  /** On: tracks flow. Off: muted by the user. Unavailable: refused or missing. Pending: the browser's prompt is open. */
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
}
export type DeviceState = 'off' | 'on' | 'pending' | 'unavailable';

/** What one other member sends, and what it says of itself. */
export interface RemoteMedia {
  readonly stream: MediaStream | undefined;
  readonly screen: MediaStream | undefined;
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** The devices to choose from, and those in use. */
export interface DeviceList {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
  /**
   * The device that is open; while none is open, the chosen one that is opened next. Undefined: the default one, or
   * whichever the browser takes. A device that is unplugged is never named.
   */
  readonly selected: {
    readonly microphone?: string;
    readonly camera?: string;
    readonly speaker?: string;
  };
}

/** A fault of the media that does not end the call: it goes on with what there is. */
export interface MediaFault {
  /** What could not be had. Of a chosen device that was unplugged: another one is in use by now. */
  readonly kind: 'microphone' | 'camera' | 'screen' | 'speaker';
  /** The DOMException's name: NotAllowedError, NotFoundError, NotReadableError, … */
  readonly name: string;
  readonly cause: unknown;
}

export type MediaEvent =
  | { readonly type: 'local'; readonly media: LocalMedia }
  | { readonly type: 'remote'; readonly user: string; readonly media: RemoteMedia | undefined }
  | { readonly type: 'devices'; readonly devices: DeviceList }
  | { readonly type: 'fault'; readonly fault: MediaFault }
  /** `data` must reach the same link at the other device, by signalling. */
  | (LinkAddress & {
      readonly type: 'signal';
      readonly callID: string;
      readonly data: Record<string, unknown>;
    })
  /** Pictures and sound can flow; they stopped flowing and an ICE restart is tried; the link is destroyed. */
  | (LinkAddress & {
      readonly type: 'link-up' | 'link-down' | 'link-failed';
      readonly callID: string;
    });

/** Names one link. Device IDs are unique within a user alone, so the user is part of the name. */
export interface LinkAddress {
  readonly user: string;
  readonly device: string;
  /** Goes up each time the link to this device is rebuilt. */
  readonly link: number;
}

export interface LinkRef extends LinkAddress {
  readonly callID: string;
  /** This side makes the offer. */
  readonly initiator: boolean;
}

/**
 * All media of one device: what it captures and the links of the running call. One call at a time.
 * Nothing is captured, and no peer connection exists, before `open` or `openLink`.
 */
export interface CallMedia {
  /** Called once; events come after it has returned. */
  listen(handle: (event: MediaEvent) => void): void;
  /**
   * Opens what the call starts with. Links do not wait for it: an open prompt holds up nobody's sound and picture.
   * A source that is refused or missing is a `fault` event; the call goes on with what there is.
   */
  open(
    callID: string,
    start: { readonly microphone: boolean; readonly camera: boolean; readonly callType: CallType },
  ): void;
  openLink(link: LinkRef): void;
  /** For a link that is not open (any more), does nothing. */
  signal(address: LinkAddress, data: Record<string, unknown>): void;
  closeLink(address: LinkAddress): void;
  /** Ends everything of the call: no live track, no peer connection, within a second, also during an open prompt. */
  close(callID: string): void;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  shareScreen(on: boolean): Promise<void>;
  /**
   * Uses this device from now on; `''`: the default one. A source that is off is opened when it is next switched on;
   * one that is on and could not be had is opened now. Where it can't be opened, that is a `fault` and the one before
   * stays.
   */
  selectDevice(kind: MediaDeviceKind, deviceId: string): Promise<void>;
  /** Round-trip quality of the worst link, 0 (none) to 3 (good); undefined while unknown. */
  quality(user: string): Promise<0 | 1 | 2 | 3 | undefined>;
  /**
   * How loud everybody is at the moment, 0 to 1, by user; who can't be measured is missing.
   * @param self the user of this device, whose own microphone is measured too
   */
  audioLevels(self: string): Promise<ReadonlyMap<string, number>>;
  destroy(): void;
}
