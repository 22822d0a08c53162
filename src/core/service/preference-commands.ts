import { systemClock } from '../clock/system-clock.js';
import type { Clock } from '../ports/clock.js';
import type { PreferencesChange } from '../protocol/preferences.js';
import type { CallUser } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { checkUser } from './commands.js';
import type { CallSession } from './session-types.js';
import type { Stores } from './stores.js';
import type { DoNotDisturb } from './types.js';

/** The commands that change which calls ring. */
export class PreferenceCommands {
  readonly #stores: Stores;
  readonly #session: () => CallSession | undefined;
  readonly #clock: Pick<Clock, 'epoch'>;

  /** @param session throws a `CallError` `destroyed` */
  constructor(
    stores: Stores,
    session: () => CallSession | undefined,
    clock: Pick<Clock, 'epoch'> = systemClock,
  ) {
    this.#stores = stores;
    this.#session = session;
    this.#clock = clock;
  }

  async setDoNotDisturb(value: DoNotDisturb): Promise<boolean> {
    const inMs = value === true || value === false ? undefined : this.#checkUntil(value);
    return this.#change((serverNow) => ({
      doNotDisturb: {
        on: value !== false,
        ...(inMs !== undefined && { until: serverNow + inMs }),
      },
    }));
  }

  async block(user: string | { userID: string; userName?: string }): Promise<boolean> {
    const session = this.#session();
    const { userID, userName } = checkUser(user);
    if (userID === session?.user.userID)
      throw new CallError('invalid-argument', 'userID: another user than the own one');
    if (this.#stores.$blocked.get().some((one) => one.userID === userID)) return false;
    const name = userName === userID ? this.#nameOf(userID) : userName;
    return this.#change(() => ({ block: [{ userID, userName: name }] }));
  }

  async unblock(userID: string): Promise<boolean> {
    const unblock = [checkUser(userID).userID];
    return this.#change(() => ({ unblock }));
  }

  async #change(make: (serverNow: number) => PreferencesChange): Promise<boolean> {
    return (await this.#session()?.changePreferences(make)) ?? false;
  }

  /** @returns in how many ms do-not-disturb ends */
  #checkUntil(value: unknown): number {
    const { until } = Object(value) as { until?: unknown };
    const at = until instanceof Date ? until.getTime() : until;
    const inMs = typeof at === 'number' ? at - this.#clock.epoch() : NaN;
    if (inMs > 0 && inMs < Infinity) return inMs;
    throw new CallError(
      'invalid-argument',
      'setDoNotDisturb: true, false, or { until } with a Date or a time in ms since the epoch in the future',
    );
  }

  /** The name of a user in the calls that the page knows; otherwise the ID. */
  #nameOf(userID: string): string {
    const { $call, $missedCalls, $callHistory } = this.#stores;
    const people: readonly (CallUser | undefined)[] = [
      ...$call.get().members,
      ...$missedCalls.get().flatMap(({ caller, callees }) => [caller, ...callees]),
      ...$callHistory.get().flatMap(({ caller, callees }) => [caller, ...callees]),
    ];
    return people.find((one) => one?.userID === userID)?.userName ?? userID;
  }
}
