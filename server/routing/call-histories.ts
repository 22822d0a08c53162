import {
  parseHistoryQuery,
  type HistoryChange,
  type HistoryEntry,
  type HistoryPage,
} from '../../src/core/protocol/history.js';
import { isEmptyChange } from '../../src/core/protocol/history-merge.js';
import type { Acknowledgement, MessageOf, Sender } from '../../src/core/protocol/messages.js';
import type { History } from '../history/history.js';
import type { Inbox } from '../inbox/inbox.js';
import { isPlain } from '../messages/incoming.js';
import type { DeviceKey } from '../presence/presence.js';
import { ofServer, type Stamp } from '../messages/stamp.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { Bus } from './bus.js';

interface CallHistoriesDependencies {
  readonly history: History;
  readonly inbox: Pick<Inbox, 'openFor'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly stamp: Stamp;
  /** How long a device was disconnected before it is reported as lost, in ms. */
  readonly vanishAfterMs: number;
}

type HistoryResponse = HistoryPage | Extract<Acknowledgement, { error?: unknown }>;

/**
 * Handles what devices state about the calls of their own user, and adds what only the server knows: that an invitation
 * was declined in a notification without a page, and when a device was lost during a call. Nobody else can write into the
 * history of a user.
 */
export class CallHistories {
  readonly #parts: CallHistoriesDependencies;

  constructor(parts: CallHistoriesDependencies) {
    this.#parts = parts;
  }

  /** When the history of a user was changed last, in ms since the epoch; 0 if it is empty. */
  changedAt(userID: string): Promise<number> {
    return this.#parts.history.changedAt(userID);
  }

  /** Stores a change that a device states about the calls of its own user, and sends it to the user's other devices. */
  async handle(sender: Sender, message: MessageOf<'history'>): Promise<Acknowledgement> {
    const { entries, deleted, deletedUntil } = message;
    const change = { entries, deleted, ...(deletedUntil !== undefined && { deletedUntil }) };
    try {
      await this.#apply(sender, change, sender.deviceID);
      return { reached: [] };
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return { error: { code: 'unavailable' } };
    }
  }

  /** Answers the request of a device for the changes that it has not received. @param input not validated */
  async page({ userID }: Sender, input: unknown): Promise<HistoryResponse> {
    const query = isPlain(input) ? parseHistoryQuery(input) : undefined;
    if (!query) return { error: { code: 'invalid-argument' } };
    try {
      return await this.#parts.history.page(userID, query.after);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return { error: { code: 'unavailable' } };
    }
  }

  /** To be called before the user's answer is stored: records that the user declines an open invitation. */
  async declined({ userID, deviceID }: DeviceKey, callID: string): Promise<void> {
    await this.#ignoreOutage(async () => {
      const open = await this.#parts.inbox.openFor(userID);
      const invitation = open.find((one) => one.callID === callID);
      if (!invitation) return;
      const { invite, message, receivedAt } = invitation;
      const { from } = message;
      const names = new Map(invite.names.map((user) => [user.userID, user.userName]));
      const callees = [
        ...new Set([userID, ...invite.to, ...invite.records.map(({ user }) => user)]),
      ]
        .filter((user) => user !== from.userID)
        .map((user) => ({ userID: user, userName: names.get(user) ?? user }));
      const entry: HistoryEntry = {
        ...{ callID, direction: 'incoming', callType: invite.callType, group: invite.group },
        caller: { userID: from.userID, userName: from.userName },
        ...{ callees, at: receivedAt, outcome: 'declined' },
      };
      // The device that has declined states it itself, if it knows the call history.
      const change = { entries: [entry], deleted: [] };
      await this.#apply({ userID, userName: userID }, change, deviceID);
    });
  }

  /** Completes the entry of a call whose device was lost, and so can't report its end. */
  async lost(device: Sender, callID: string): Promise<void> {
    const { history, stamp, vanishAfterMs } = this.#parts;
    await this.#ignoreOutage(async () => {
      const entry = await history.find(device.userID, callID);
      if (entry?.answeredAt === undefined || entry.durationMs !== undefined) return;
      const durationMs = Math.max(0, stamp() - vanishAfterMs - entry.answeredAt);
      await this.#apply(device, { entries: [{ ...entry, durationMs }], deleted: [] });
    });
  }

  /** @param exceptDevice the device that has sent the change */
  async #apply(
    user: Pick<Sender, 'userID' | 'userName'>,
    change: HistoryChange,
    exceptDevice?: string,
  ): Promise<void> {
    const { history, bus, stamp } = this.#parts;
    const { userID } = user;
    const changed = await history.apply(userID, change);
    if (isEmptyChange(changed)) return;
    const callID = changed.entries[0]?.callID ?? changed.deleted[0]?.callID ?? 'all';
    const body = { type: 'history' as const, callID, to: [userID], records: [], ...changed };
    const message = ofServer(body, user, stamp());
    const envelope = { message, mayBeLate: true };
    await bus.publish(
      userID,
      exceptDevice === undefined ? envelope : { ...envelope, exceptDevice },
    );
  }

  /** The history is not worth the failure of a call: while the store is unavailable, the server adds nothing to it. */
  async #ignoreOutage(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }
}
