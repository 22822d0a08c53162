import type { CallInvitationService } from '../../core/service/types.js';
import { CallbackEvent, callbackEventFields, errorEvent } from '../shared/callback-events.js';

/** Dispatches each callback of the service as an event on the provider. */
export function dispatchCallbacks(service: CallInvitationService, provider: HTMLElement): void {
  for (const name of Object.keys(callbackEventFields) as (keyof typeof callbackEventFields)[]) {
    service.listen(name, (...values) => provider.dispatchEvent(new CallbackEvent(name, values)));
  }
  service.listen('onError', (error) => provider.dispatchEvent(errorEvent(error)));
}
