import type { ConnectionLevel } from '../ports/media.js';
import type { PictureSizes } from '../ports/media-settings.js';
import type { SharedScreen } from '../ports/screen.js';
import type { LinkMessage, PausedPictures } from './link-channel.js';
import { NOTHING_SENT, readFlags } from './sources.js';
import type { SourceFlags } from './sources.js';

export const NOT_PAUSED: PausedPictures = { camera: false, screen: false };

/** What the other side of a link has told about itself. Values that are told again stay the same objects. */
export class LinkRemote {
  #flags = NOTHING_SENT;
  #share: SharedScreen | undefined;
  #shows: PictureSizes = {};
  #paused = NOT_PAUSED;
  #connection: ConnectionLevel | undefined;
  /** Whether flags have arrived over the data channel: those in a description may be older, and are then ignored. */
  #hasChannelFlags = false;

  /** The sources that it reports as sending. */
  get flags(): SourceFlags {
    return this.#flags;
  }

  /** The screen that it shares; undefined if it shares none, or does not describe it. */
  get share(): SharedScreen | undefined {
    return this.#flags.screen ? this.#share : undefined;
  }

  /** At which size it shows the pictures of this side. */
  get shows(): PictureSizes {
    return this.#shows;
  }

  /** Pictures that it does not send, to keep the sound clear. */
  get paused(): PausedPictures {
    return this.#paused;
  }

  /** How well it is connected to the call. */
  get connection(): ConnectionLevel | undefined {
    return this.#connection;
  }

  /** To be called with the flags that came with a description. */
  describe(flags: unknown): void {
    if (!this.#hasChannelFlags) this.#flags = readFlags(flags) ?? this.#flags;
  }

  /** To be called with each message of the data channel. */
  receive({ sources, view, paused, connection, share }: LinkMessage): void {
    this.#connection = connection ?? this.#connection;
    this.#shows = view ?? this.#shows;
    this.#paused = paused ?? this.#paused;
    if (share && !isSameShare(share, this.#share)) this.#share = share;
    if (!sources) return;
    this.#flags = sources;
    this.#hasChannelFlags = true;
  }
}

function isSameShare(a: SharedScreen, b: SharedScreen | undefined): boolean {
  return !!b && a.surface === b.surface && a.sound === b.sound && a.paused === b.paused;
}
