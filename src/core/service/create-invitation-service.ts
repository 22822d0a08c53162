import { InvitationService } from './invitation-service.js';
import type { ServiceOptions } from './types.js';

/**
 * Creates the service for one user, in a page or in Node, and starts to connect it.
 * @throws {CallError} `invalid-argument` for a bad userID
 */
export function createInvitationService(options: ServiceOptions): InvitationService {
  const { config, invitationEvents, ...rest } = options;
  const service = new InvitationService({
    ...rest,
    config: () => config ?? {},
    invitationEvents: () => invitationEvents ?? {},
  });
  service.start(options);
  return service;
}
