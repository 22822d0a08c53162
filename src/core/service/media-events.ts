import type { MediaEvent, MediaFault } from '../ports/media.js';
import { CallError, messageOf } from './call-error.js';
import type { CallSession } from './session-types.js';
import type { Effects } from './effects.js';
import type { MediaRunner } from './media-runner.js';
import type { Stores } from './stores.js';
import { verificationFailed } from './verification-failed.js';

/** @returns the error for a failure of media that does not end the call */
function mediaFault(fault: MediaFault): CallError {
  const { kind, name, processing, cause } = fault;
  const step = processing?.effect === undefined ? '' : ` by the effect "${processing.effect}"`;
  const message = processing
    ? `The processing of the ${kind}${step} failed: ${messageOf(cause)}`
    : `The ${kind} could not be opened: ${name}`;
  return new CallError('media-failed', message, { cause: fault });
}

/** Passes the events of the media to the stores, to the page and to the call. */
export class MediaEvents {
  readonly #stores: Stores;
  readonly #effects: Effects;
  readonly #media: MediaRunner;
  readonly #report: (error: unknown) => void;
  readonly #link: CallSession['link'];

  /** @param link receives what concerns the links of the call */
  constructor(
    stores: Stores,
    effects: Effects,
    media: MediaRunner,
    report: (error: unknown) => void,
    link: CallSession['link'],
  ) {
    this.#stores = stores;
    this.#effects = effects;
    this.#media = media;
    this.#report = report;
    this.#link = link;
  }

  handle(event: MediaEvent): void {
    const stores = this.#stores;
    switch (event.type) {
      case 'local':
        return stores.showLocal(event.media);
      case 'remote':
        return stores.showRemote(event.user, event.media);
      case 'devices':
        return stores.set(stores.$devices, event.devices);
      case 'verification': {
        const { user, verification, why } = event;
        stores.showVerification(user, verification);
        return why && this.#report(verificationFailed(user, why));
      }
      case 'fault': {
        const { effect } = event.fault.processing ?? {};
        if (effect !== undefined && this.#effects.fail(effect)) this.#media.refreshProcessing();
        return this.#report(mediaFault(event.fault));
      }
      default:
        this.#link(event);
    }
  }
}
