import type { CallUser } from '../src/core/index.js';
import { usersBeside, type PhoneOptions } from './phone-options.js';

const POLL_MS = 2_000;

export interface People {
  /** Others who can be called, by name. Undefined: nobody can say who is there. */
  readonly others: readonly CallUser[] | undefined;
  /** The list is of those who are online; else those whom the demo knows are in it, wherever they are. */
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
    return undefined; // the server is away, or is none of the demo's
  }
}

/**
 * Keeps asking the demo's server who is online, while somebody looks. `local:` has no server to ask. One of four phones
 * always lists the others: their connections come and go.
 */
export class PeopleWatch {
  readonly #signaling: string;
  readonly #four: boolean;
  readonly #self: string;
  readonly #changed: (people: People) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
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
      this.#tell({ others: usersBeside(this.#four), online: false });
      return;
    }
    document.addEventListener('visibilitychange', this.refresh);
    window.addEventListener('focus', this.refresh);
    this.refresh();
  }

  /** Asks now. */
  readonly refresh = (): void => {
    if (this.#signaling.startsWith('local:')) return;
    clearTimeout(this.#timer);
    if (document.visibilityState === 'hidden') return;
    this.#again = this.#asking;
    if (!this.#asking) void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#asking = true;
    const address = new URL('/demo/users', new URL(this.#signaling, location.href));
    address.protocol = address.protocol.replace('ws', 'http');
    const found = await fetchUsers(address);
    this.#asking = false;
    if (this.#four) this.#tell({ others: usersBeside(true).concat(found ?? []), online: false });
    else this.#tell({ others: found, online: true });
    if (this.#again) this.refresh();
    else this.#timer = setTimeout(this.refresh, POLL_MS);
  }

  #tell({ others, online }: People): void {
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
