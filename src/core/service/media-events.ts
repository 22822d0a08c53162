import type { MediaEvent } from '../ports/media.js';
import { CallError } from './call-error.js';
import type { Stores } from './stores.js';
import { verificationFailed } from './verification-failed.js';

/** An event of a media link, which the machine handles. */
export type LinkEvent = Extract<MediaEvent, { readonly callID: string }>;

/**
 * Publishes an event of the media, or reports it.
 * @param onLink receives events of links
 */
export function handleMediaEvent(
  event: MediaEvent,
  stores: Stores,
  report: (error: CallError) => void,
  onLink: (event: LinkEvent) => void,
): void {
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
      return why && report(verificationFailed(user, why));
    }
    case 'fault': {
      const { kind, name } = event.fault;
      const message = `The ${kind} could not be opened: ${name}`;
      return report(new CallError('media-failed', message, { cause: event.fault }));
    }
    default:
      onLink(event);
  }
}
