import type { Sender } from '../../src/core/protocol/messages.js';
import { publishLate, type Bus } from './bus.js';
import type { BusyDevices } from './busy-devices.js';
import { isParticipating, type CallKnowledge, type CallMember } from '../calls/call-knowledge.js';
import type { Inbox, Invitation } from '../inbox/inbox.js';
import { isCredible } from '../calls/membership.js';
import type { Metrics, Outcome } from '../observability/metrics.js';
import { callsOf, type DeviceKey, type Presence } from '../presence/presence.js';
import { ofServer, type Stamp, type Stamped } from '../messages/stamp.js';

interface LostDeviceNotifierDependencies {
  readonly presence: Presence;
  readonly busyDevices: Pick<BusyDevices, 'free'>;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly metrics: Pick<Metrics, 'decided'>;
}

/** Reports lost devices to the other members, and cancels invitations that no device of the call can cancel any more. */
export class LostDeviceNotifier {
  readonly #parts: LostDeviceNotifierDependencies;

  constructor(parts: LostDeviceNotifierDependencies) {
    this.#parts = parts;
  }

  /** Reports a device as lost immediately: it was replaced, or has reconnected without the call. */
  async markLost(device: DeviceKey): Promise<void> {
    const statusBefore = await this.#parts.presence.lose(device);
    if (!statusBefore) return;
    const { device: lost, statedCallIDs } = statusBefore;
    if (statedCallIDs) await this.#parts.busyDevices.free(lost);
    // All are reported, also if a message about one call is only buffered.
    await Promise.all(callsOf(statusBefore).map((callID) => this.reportLost(lost, callID)));
  }

  /** Reports a device that has reconnected without this call. */
  async markLostIn(device: Sender, callID: string): Promise<void> {
    await this.#parts.presence.leave(device, callID);
    await this.reportLost(device, callID);
  }

  /**
   * Notifies all members of a call that a device is lost.
   * @throws {UnavailableError} if some messages are only buffered, and would be lost if this node stops
   */
  async reportLost(device: Sender, callID: string): Promise<void> {
    const { presence, bus } = this.#parts;
    const message = this.lostMessage(device, callID);
    const users = recipientsOf(await presence.call(callID), device.userID);
    const results = await Promise.allSettled(
      users.map((userID) =>
        bus.publish(userID, {
          message: { ...message, to: [userID] },
          ...(userID === device.userID && { exceptDevice: device.deviceID }),
          mayBeLate: true,
        }),
      ),
    );
    await this.cancelIfAbandoned(callID);
    for (const one of results) if (one.status === 'rejected') throw one.reason;
  }

  /** Creates the message that a device of this call is lost. */
  lostMessage(device: Sender, callID: string): Stamped {
    return ofServer(
      {
        type: 'leave',
        callID,
        to: [],
        records: [],
        reason: 'connection-lost',
        lost: device.deviceID,
      },
      device,
      this.#parts.stamp(),
    );
  }

  /** Creates the message that a device has left this call, for members who were offline when the device sent it. */
  leftMessage(device: Sender, callID: string, { round, inviter, reason }: CallMember): Stamped {
    const { userID: user, deviceID } = device;
    const record = { user, round, state: 'left', device: deviceID, inviter } as const;
    return ofServer(
      {
        type: 'leave',
        callID,
        to: [],
        records: [{ ...record, ...(reason && { reason }) }],
        reason: reason ?? 'hung-up',
      },
      device,
      this.#parts.stamp(),
    );
  }

  /** Cancels the open invitations of a call without devices. */
  async cancelIfAbandoned(callID: string): Promise<void> {
    const { presence, inbox, bus, stamp } = this.#parts;
    const call = await presence.call(callID);
    if (call.devices.some(({ device }) => isCredible(call, device.userID))) return;
    for (const { userID } of await inbox.openIn(callID)) {
      const invitation = await this.expireInvitation(userID, callID, 'canceled', 'lost');
      if (!invitation) continue;
      const { round, message } = invitation;
      const record = {
        user: userID,
        round,
        state: 'canceled' as const,
        inviter: message.from.userID,
      };
      const body = {
        type: 'cancel' as const,
        callID,
        to: [userID],
        records: [record],
        user: userID,
        reason: 'lost' as const,
        customData: '',
      };
      // Continues in any case, because an ended invitation is not cancelled again.
      await publishLate(bus, userID, { message: ofServer(body, message.from, stamp()) });
    }
  }

  /** Ends an open invitation as a missed call. Sends nothing: connected devices time out by themselves. */
  async endInvitation(
    userID: string,
    callID: string,
    reason: 'canceled' | 'timeout',
    outcome: Outcome = reason,
  ): Promise<Invitation | undefined> {
    const { presence, inbox, stamp, metrics } = this.#parts;
    const fresh = (await presence.devicesOf(userID)).length === 0;
    const invitation = await inbox.end(userID, callID, { reason, at: stamp(), fresh });
    if (invitation) metrics.decided(outcome);
    return invitation;
  }

  /** Ends an open invitation whose time is over. The invitee may still join while the call continues. */
  async expireInvitation(
    userID: string,
    callID: string,
    reason: 'canceled' | 'timeout',
    outcome: Outcome = reason,
  ): Promise<Invitation | undefined> {
    const invitation = await this.endInvitation(userID, callID, reason, outcome);
    if (!invitation) return undefined;
    const { round, message } = invitation;
    const member = { round, state: 'timeout' as const, inviter: message.from.userID };
    await this.#parts.presence.note(callID, { members: new Map([[userID, member]]) });
    return invitation;
  }
}

/** Users to notify when the state of a user in the call changes: members, and the user's other devices. */
function recipientsOf({ members, named }: CallKnowledge, userID: string): string[] {
  const users = [...members].flatMap(([user, member]) => (isParticipating(member) ? [user] : []));
  const others = [...named].flatMap(([user, names]) => (names.has(userID) ? [user] : []));
  return [...new Set([userID, ...users, ...others])];
}
