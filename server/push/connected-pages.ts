import type { Sender } from '../../src/core/protocol/messages.js';

/** The connection of a page. */
export interface PageConnection {
  readonly sender: Sender;
}

/** Tracks which browsers have a connected page. Such a page rings by itself, so the browser needs no push. */
export interface ConnectedPages {
  /** Records that a page runs in the browser with this endpoint. */
  add(page: PageConnection, userID: string, endpoint: string): Promise<void>;
  /** Removes a page that has disconnected, or unregistered from push. */
  remove(page: PageConnection): Promise<void>;
  /** Whether a page of this user is connected in the browser with this endpoint. */
  has(userID: string, endpoint: string): Promise<boolean>;
}

/** The pages connected to this node. */
export class MemoryConnectedPages implements ConnectedPages {
  /** User by connection, by endpoint. */
  readonly #pages = new Map<string, Map<PageConnection, string>>();
  /** The endpoint of each connection. */
  readonly #endpoints = new Map<PageConnection, string>();

  async add(page: PageConnection, userID: string, endpoint: string): Promise<void> {
    await this.remove(page);
    this.#endpoints.set(page, endpoint);
    const pages = this.#pages.get(endpoint) ?? new Map<PageConnection, string>();
    this.#pages.set(endpoint, pages.set(page, userID));
  }

  async remove(page: PageConnection): Promise<void> {
    const endpoint = this.#endpoints.get(page);
    if (endpoint === undefined) return;
    this.#endpoints.delete(page);
    const pages = this.#pages.get(endpoint);
    pages?.delete(page);
    if (pages?.size === 0) this.#pages.delete(endpoint);
  }

  async has(userID: string, endpoint: string): Promise<boolean> {
    return [...(this.#pages.get(endpoint)?.values() ?? [])].includes(userID);
  }
}
