import type { CallSnapshot } from '../../core/service/types.js';
import type { CallHost } from './context.js';

/** Whether the user of this device may invite more people into this call: by the page's configuration. */
export function mayInvite(host: CallHost | undefined, call: CallSnapshot | undefined): boolean {
  const { canInvitingInCalling, onlyInitiatorCanInvite } = host?.config()?.inCalling ?? {};
  return !!canInvitingInCalling && (!onlyInitiatorCanInvite || isInitiator(host, call));
}

/** Whether the user of this device placed this call. */
export const isInitiator = (host: CallHost | undefined, call: CallSnapshot | undefined): boolean =>
  call?.initiator !== undefined && call.initiator.userID === host?.service.user?.userID;
