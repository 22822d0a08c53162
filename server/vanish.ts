import type { Sender } from '../src/core/protocol/messages.js';
import type { Bus } from './bus.js';
import type { Inbox, Invitation } from './inbox.js';
import type { Metrics, Outcome } from './metrics.js';
import type { Presence } from './presence.js';
import { ofServer, type Stamp, type Stamped } from './stamp.js';
import { UnavailableError } from './unavailable.js';

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

  /** A device of this user is not in its call any more: another one names it as replaced, or it came back without the call. */
  async lose(deviceID: string, userID: string): Promise<void> {
    const was = await this.#parts.presence.lose(deviceID, userID);
    if (was?.callID !== undefined) await this.speakFor(was.device, was.callID);
  }

  /**
   * Says to all whom a call concerns that a device of it is lost.
   * @throws {UnavailableError} when some hear of it later only, if this server lasts so long
   */
  async speakFor(device: Sender, callID: string): Promise<void> {
    const { presence, bus } = this.#parts;
    const message = this.lost(device, callID);
    const { users } = await presence.involved(callID);
    const said = await Promise.allSettled(
      [...users].map((userID) =>
        bus.publish(userID, {
          message: { ...message, to: [userID] },
          exceptDevice: device.deviceID,
          mayBeLate: true,
        }),
      ),
    );
    await this.endIfDeserted(callID);
    for (const one of said) if (one.status === 'rejected') throw one.reason;
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
      const word = {
        type: 'cancel' as const,
        callID,
        to: [userID],
        records: [record],
        user: userID,
        reason: 'lost' as const,
        customData: '',
      };
      const parcel = { message: ofServer(word, message.from, stamp()), mayBeLate: true };
      await bus.publish(userID, parcel).catch((error: unknown) => {
        // It follows, and the next ones are not to wait for it: what has ended is not cancelled again.
        if (!(error instanceof UnavailableError)) throw error;
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
