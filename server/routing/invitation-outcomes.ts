import { isRejected, type CallMember } from '../calls/call-knowledge.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Metrics } from '../observability/metrics.js';
import type { CallHistories } from './call-histories.js';
import type { DeviceKey } from '../presence/presence.js';
import type { LostDeviceNotifier } from './lost-devices.js';

interface InvitationOutcomesDependencies {
  readonly inbox: Inbox;
  readonly lostDevices: LostDeviceNotifier;
  readonly metrics: Pick<Metrics, 'decided'>;
  /** Undefined if the server keeps no call histories. */
  readonly histories?: Pick<CallHistories, 'declined'> | undefined;
}

/** Updates the inbox and the metrics when an invitation is settled. */
export class InvitationOutcomes {
  readonly #parts: InvitationOutcomesDependencies;

  constructor(parts: InvitationOutcomesDependencies) {
    this.#parts = parts;
  }

  /** Applies the decision of the coordinator about an invitation. */
  async decide(userID: string, callID: string, { state, round }: CallMember): Promise<void> {
    const { inbox, metrics, lostDevices } = this.#parts;
    if (state === 'in') {
      if (await inbox.select(userID, callID, round)) metrics.decided('answered');
    } else if (state === 'glare') await inbox.drop(userID, callID);
    else if (isRejected(state) && state !== 'declined') {
      const isTimeout = state === 'timeout' || state === 'unreachable';
      const outcome = state as 'canceled' | 'timeout' | 'busy' | 'unreachable' | 'unsupported';
      await lostDevices.endInvitation(userID, callID, isTimeout ? 'timeout' : 'canceled', outcome);
    }
  }

  async answer(userID: string, callID: string, round: number): Promise<void> {
    const { inbox, metrics } = this.#parts;
    if (await inbox.answer(userID, callID, round)) metrics.decided('answered');
  }

  /** @param device the device with which the user has declined */
  async decline(device: DeviceKey, callID: string, round: number): Promise<void> {
    const { inbox, metrics, histories } = this.#parts;
    await histories?.declined(device, callID);
    if (await inbox.answer(device.userID, callID, round)) metrics.decided('declined');
  }
}
