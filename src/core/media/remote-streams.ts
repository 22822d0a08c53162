import type { RemoteMedia } from '../ports/media.js';
import { emptyStream, holdTracks } from './hold-tracks.js';
import type { SimplePeerLink } from './simple-peer-link.js';

/**
 * What one other member sends, in streams that keep their identity while links come and go: an element that shows one
 * need not be told when a link was built anew.
 */
export class RemoteStreams {
  readonly #stream = emptyStream();
  readonly #screen = emptyStream();
  #shown: RemoteMedia | undefined;

  /**
   * Brings the streams up to date with the link that stands for this member; undefined when there is none.
   * @returns whether there is anything new to tell
   */
  show(link: SimplePeerLink | undefined): boolean {
    const stream = holdTracks(this.#stream, [link?.track('microphone'), link?.track('camera')]);
    const screen = holdTracks(this.#screen, [link?.track('screen')]);
    const before = this.#shown;
    this.#shown = link && {
      stream: this.#stream,
      screen: this.#screen?.active ? this.#screen : undefined,
      microphone: link.flags.microphone,
      camera: link.flags.camera,
    };
    return (
      stream ||
      screen ||
      before?.stream !== this.#shown?.stream ||
      before?.microphone !== this.#shown?.microphone ||
      before?.camera !== this.#shown?.camera
    );
  }

  get media(): RemoteMedia | undefined {
    return this.#shown;
  }
}
