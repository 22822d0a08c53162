import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MediaPreview } from '../../core/ports/media.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { LocalMediaSnapshot } from '../../core/service/snapshots.js';

/**
 * A preview of the camera before a call is answered, for this user alone. The camera is opened only by `open`, and
 * closed by `close` or when the element leaves the document, also if it was just being opened.
 */
export class AnswerPreview implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #opening: Promise<MediaPreview> | undefined;
  #media: LocalMediaSnapshot | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get isOpen(): boolean {
    return this.#opening !== undefined;
  }

  /** The media of the preview; undefined before the first are there, and without a preview. */
  get media(): LocalMediaSnapshot | undefined {
    return this.#media;
  }

  /** Rejects as `service.preview` does, and if the camera can't be opened. */
  async open(service: CallInvitationService): Promise<void> {
    if (this.#opening) return;
    const opening = service.preview((media) => {
      if (opening !== this.#opening) return;
      this.#media = media;
      this.#host.requestUpdate();
    });
    this.#opening = opening;
    this.#host.requestUpdate();
    try {
      const preview = await opening;
      if (opening === this.#opening) await preview.setCamera(true);
    } catch (error) {
      if (opening === this.#opening) this.close();
      throw error;
    }
  }

  close(): void {
    const opening = this.#opening;
    if (!opening) return;
    this.#opening = this.#media = undefined;
    this.#host.requestUpdate();
    opening.then(
      (preview) => preview.close(),
      () => {},
    );
  }

  hostDisconnected(): void {
    this.close();
  }
}
