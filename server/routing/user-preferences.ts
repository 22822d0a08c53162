import type {
  Acknowledgement,
  InboxReport,
  MessageOf,
  Sender,
} from '../../src/core/protocol/messages.js';
import { stamped } from '../messages/stamp.js';
import type { Preferences } from '../preferences/preferences.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { publishLate, type Bus } from './bus.js';

interface UserPreferencesDependencies {
  readonly preferences: Preferences;
  readonly bus: Bus;
}

/** Keeps which calls ring for a user, and relays changes to all of the user's devices, that of the sender included. */
export class UserPreferences {
  readonly #parts: UserPreferencesDependencies;

  constructor(parts: UserPreferencesDependencies) {
    this.#parts = parts;
  }

  /** Applies a change of a device to the preferences of its own user. */
  async change(
    sender: Sender,
    message: MessageOf<'preferences'>,
    at: number,
  ): Promise<Acknowledgement> {
    const { preferences, bus } = this.#parts;
    const { userID } = sender;
    const { toDevice: _, ...rest } = message;
    try {
      const result = await preferences.change(userID, message);
      if (result === 'too-many') return { error: { code: 'not-allowed' } };
      if (result === 'full') return { error: { code: 'unavailable' } };
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return { error: { code: 'unavailable' } };
    }
    const relayed = stamped({ ...rest, to: [userID] }, sender, at);
    await publishLate(bus, userID, { message: relayed });
    return { reached: [] };
  }

  /** The preferences of a user, for the inbox report. */
  async report(userID: string): Promise<Pick<InboxReport, 'preferences'>> {
    const { blocked, ...rest } = await this.#parts.preferences.of(userID);
    return { preferences: { ...rest, blocked: [...blocked] } };
  }
}
