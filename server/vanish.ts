import type { Sender } from '../src/core/protocol/messages.js';
import type { Bus } from './bus.js';
import type { Inbox, Invitation } from './inbox.js';
import type { Metrics, Outcome } from './metrics.js';
import type { Presence } from './presence.js';
import { ofServer, type Stamp, type Stamped } from './stamp.js';

interface Parts {
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly metrics: Pick<Metrics, 'decided'>;
}

/** Speaks for devices that can't speak any more, and ends what only they could have ended. */
export class Spokesman {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A device is not in its call any more: another one names it as replaced, or it came back without the call. */
  async lose(deviceID: string): Promise<void> {
    const was = await this.#parts.presence.lose(deviceID);
    if (was?.callID !== undefined) await this.speakFor(was.device, was.callID);
  }

  /** Says to all whom a call concerns that a device of it is lost. */
  async speakFor(device: Sender, callID: string): Promise<void> {
    const { presence, bus } = this.#parts;
    const message = this.lost(device, callID);
    for (const userID of (await presence.involved(callID)).users) {
      await bus.publish(userID, {
        message: { ...message, to: [userID] },
        exceptDevice: device.deviceID,
      });
    }
    await this.endIfDeserted(callID);
  }

  /** The word that a device of this call is lost. */
  lost(device: Sender, callID: string): Stamped {
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

  /** When no device is in a call, nobody can end its open invitations any more: the server does. */
  async endIfDeserted(callID: string): Promise<void> {
    const { presence, inbox, bus, stamp } = this.#parts;
    if ((await presence.devicesIn(callID)).length > 0) return;
    for (const { userID } of await inbox.openIn(callID)) {
      const invitation = await this.end(userID, callID, 'canceled', 'lost');
      if (!invitation) continue;
      const { round, message } = invitation;
      const record = {
        user: userID,
        round,
        state: 'canceled' as const,
        inviter: message.from.userID,
      };
      await bus.publish(userID, {
        message: ofServer(
          {
            type: 'cancel',
            callID,
            to: [userID],
            records: [record],
            user: userID,
            reason: 'lost',
            customData: '',
          },
          message.from,
          stamp(),
        ),
      });
    }
  }

  /** An invitation ended unanswered. Devices that are connected, and have it, know that for themselves. */
  async end(
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
}
