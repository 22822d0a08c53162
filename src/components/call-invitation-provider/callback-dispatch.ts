import { CallError } from '../../core/service/call-error.js';
import type { InvitationEvents } from '../../core/service/callback-types.js';
import type { CallInvitationService } from '../../core/service/types.js';
import { CallbackEvent, callbackEventFields, dispatchError } from '../shared/callback-events.js';
import { developerWarnings } from '../shared/developer-warnings.js';

type Provider = HTMLElement & {
  readonly userID: string | null;
  readonly signaling: string | null;
  readonly invitationEvents: InvitationEvents | null;
};

/** @returns what the developer of the page can do about an error, for the console */
function adviceOn(error: unknown, service: CallInvitationService, provider: Provider): string {
  if (!(error instanceof CallError) || error.code !== 'not-connected') return '';
  const address = provider.signaling ?? 'local:';
  if (!provider.userID) return 'The provider has no user-id: set it to sign the user in.';
  return service.$connection.get() === 'refused'
    ? `${address} refuses this page: the subject of the token must be the user-id, and the server must allow the origin of this page.`
    : `There is no connection to ${address}: does a ringkit server answer there, and is the token valid?`;
}

/** Dispatches each callback of the service as an event on the provider. Warns of errors that the page does not handle. */
export function dispatchCallbacks(service: CallInvitationService, provider: Provider): void {
  for (const name of Object.keys(callbackEventFields) as (keyof typeof callbackEventFields)[]) {
    service.listen(name, (...values) => provider.dispatchEvent(new CallbackEvent(name, values)));
  }
  service.listen('onError', (error) => {
    const isHandled = dispatchError(provider, error) || !!provider.invitationEvents?.onError;
    if (!isHandled) {
      developerWarnings.unhandled(provider, error, adviceOn(error, service, provider));
    }
  });
}
