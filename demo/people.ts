import type { CallUser } from '../src/core/index.js';
import { usersBeside, type PhoneOptions } from './phone-options.js';

const POLL_MS = 2_000;

export interface People {
  /** Other users who can be called, sorted by name. Undefined if the list is unavailable. */
  readonly others: readonly CallUser[] | undefined;
  /** Whether the list contains the connected users; otherwise it contains the users of the demo. */
  readonly online: boolean;
}

const isUser = (value: unknown): value is CallUser =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<CallUser>).userID === 'string' &&
  typeof (value as Partial<CallUser>).userName === 'string';

async function fetchUsers(address: URL): Promise<CallUser[] | undefined> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
    const users: unknown = response.ok ? await response.json() : undefined;
    return Array.isArray(users) ? users.filter(isUser) : undefined;
  } catch {
    return undefined; // the server is unreachable, or not a demo server
  }
}

/**
 * Polls the demo's server for the connected users while the page is visible. `local:` has no server. A page with four
 * phones always lists the other three, because their connections break on purpose.
 */
export class PeopleWatch {
  readonly #signaling: string;
  readonly #four: boolean;
  readonly #self: string;
  readonly #changed: (people: People) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #polling = false;
  #again = false;

  constructor(
    { signaling, four }: Pick<PhoneOptions, 'signaling' | 'four'>,
    self: string,
    changed: (people: People) => void,
  ) {
    this.#signaling = signaling;
    this.#four = four;
    this.#self = self;
    this.#changed = changed;
  }

  start(): void {
    if (this.#signaling.startsWith('local:')) {
      this.#report({ others: usersBeside(this.#four), online: false });
      return;
    }
    document.addEventListener('visibilitychange', this.refresh);
    window.addEventListener('focus', this.refresh);
    this.refresh();
  }

  /** Polls immediately. */
  readonly refresh = (): void => {
    if (this.#signaling.startsWith('local:')) return;
    clearTimeout(this.#timer);
    if (document.visibilityState === 'hidden') return;
    this.#again = this.#polling;
    if (!this.#polling) void this.#poll();
  };

  async #poll(): Promise<void> {
    this.#polling = true;
    const address = new URL('/demo/users', new URL(this.#signaling, location.href));
    address.protocol = address.protocol.replace('ws', 'http');
    const found = await fetchUsers(address);
    this.#polling = false;
    if (this.#four) this.#report({ others: usersBeside(true).concat(found ?? []), online: false });
    else this.#report({ others: found, online: true });
    if (this.#again) this.refresh();
    else this.#timer = setTimeout(this.refresh, POLL_MS);
  }

  #report({ others, online }: People): void {
    const byID = others && new Map(others.map((user) => [user.userID, user]));
    byID?.delete(this.#self);
    const sorted =
      byID &&
      [...byID.values()].sort(
        (a, b) => a.userName.localeCompare(b.userName) || a.userID.localeCompare(b.userID),
      );
    this.#changed({ others: sorted, online });
  }
}
