import type { RemoteMedia } from '../ports/media.js';
import { emptyStream, holdTracks } from './hold-tracks.js';
import type { SimplePeerLink } from './simple-peer-link.js';

/**
 * The media of one other member, in streams that keep their identity when links are replaced: an element that shows a
 * stream need not be updated when a link was rebuilt.
 */
export class RemoteStreams {
  readonly #stream = emptyStream();
  /** The tracks of the stream by kind: see {@link RemoteMedia}. */
  readonly #sound = emptyStream();
  readonly #picture = emptyStream();
  readonly #screen = emptyStream();
  #shown: RemoteMedia | undefined;

  /**
   * Updates the streams with the tracks of the member's active link.
   * @param link undefined if there is none
   * @returns whether anything has changed
   */
  show(link: SimplePeerLink | undefined): boolean {
    const [microphone, camera] = [link?.track('microphone'), link?.track('camera')];
    const stream = holdTracks(this.#stream, [microphone, camera]);
    holdTracks(this.#sound, [microphone]);
    holdTracks(this.#picture, [camera]);
    const screen = holdTracks(this.#screen, [link?.track('screen')]);
    const before = this.#shown;
    this.#shown = link && {
      stream: this.#stream,
      sound: this.#sound,
      picture: this.#picture,
      screen: this.#screen?.active ? this.#screen : undefined,
      microphone: link.remote.flags.microphone,
      camera: link.remote.flags.camera,
      paused: link.remote.paused.camera || link.remote.paused.screen,
      sendingPaused: link.pausedHere.camera || link.pausedHere.screen,
      sharedScreen: link.remote.screen.description,
      onHold: link.isOnHoldThere,
    };
    return (
      stream ||
      screen ||
      before?.stream !== this.#shown?.stream ||
      before?.microphone !== this.#shown?.microphone ||
      before?.camera !== this.#shown?.camera ||
      before?.paused !== this.#shown?.paused ||
      before?.sendingPaused !== this.#shown?.sendingPaused ||
      before?.onHold !== this.#shown?.onHold ||
      before?.sharedScreen !== this.#shown?.sharedScreen
    );
  }

  get media(): RemoteMedia | undefined {
    return this.#shown;
  }
}
