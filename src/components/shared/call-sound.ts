import type { LitElement } from 'lit';
import type { RemoteMediaSnapshot } from '../../core/service/snapshots.js';
import type { CallInvitationService } from '../../core/service/types.js';
import { RemoteSound } from './remote-sound.js';
import { StoreController } from './store-controller.js';

/** Plays the sound of the other members in an element that shows the call before its full view does. */
export class CallSound {
  readonly #media: StoreController<ReadonlyMap<string, RemoteMediaSnapshot>>;
  readonly #sound: RemoteSound;
  #service: CallInvitationService | undefined;

  /** @param report called with the error if the selected speaker fails */
  constructor(host: LitElement, report: (error: unknown) => void) {
    this.#media = new StoreController(host);
    this.#sound = new RemoteSound(host, report);
  }

  /** Whether sound does not play until the user interacts with the page. */
  get blocked(): boolean {
    return this.#sound.blocked;
  }

  attach(service: CallInvitationService | undefined): void {
    this.#service = service;
    this.#media.attach(service?.$remoteMedia);
  }

  /** Must be called in each update, with whether the element shows the running call. */
  play(isShown: boolean): void {
    const speaker = this.#service?.$devices.get().selected.speaker;
    this.#sound.play((isShown && this.#media.value?.values()) || [], speaker);
  }

  /** Must be called while the browser handles an action of the user. */
  unblock(): void {
    this.#sound.unblock();
  }
}
