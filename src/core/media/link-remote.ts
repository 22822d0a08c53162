import type { ConnectionLevel } from '../ports/media.js';
import type { PictureSizes } from '../ports/media-settings.js';
import type { LinkMessage, PausedPictures } from './link-channel.js';
import { RemoteScreen } from './remote-screen.js';
import { NOTHING_SENT, readFlags } from './sources.js';
import type { SourceFlags } from './sources.js';

export const NOT_PAUSED: PausedPictures = { camera: false, screen: false };

/** What the other side of a link has told about itself. */
export class LinkRemote {
  readonly screen = new RemoteScreen();
  #flags = NOTHING_SENT;
  #shows: PictureSizes = {};
  #paused = NOT_PAUSED;
  #connection: ConnectionLevel | undefined;
  /** Whether flags have arrived over the data channel: those in a description may be older, and are then ignored. */
  #hasChannelFlags = false;

  /** The sources that it reports as sending. */
  get flags(): SourceFlags {
    return this.#flags;
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
    if (share) this.screen.describe(share);
    if (!sources) return;
    this.#flags = sources;
    this.#hasChannelFlags = true;
  }
}
