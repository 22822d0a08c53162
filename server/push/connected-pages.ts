import type { Sender } from '../../src/core/protocol/messages.js';

/** A page's connection. */
export interface PageConnection {
  readonly sender: Sender;
}

/** Which browsers have a page connected: it rings by itself, and needs no push. */
export interface ConnectedPages {
  /** This page is one of the browser with this endpoint. */
  add(page: PageConnection, userID: string, endpoint: string): Promise<void>;
  /** It is gone, or it is not of that browser any more. */
  remove(page: PageConnection): Promise<void>;
  /** Whether a page of this user in that browser is connected now. */
  has(userID: string, endpoint: string): Promise<boolean>;
}

/** The pages that are connected to this server. */
export class MemoryConnectedPages implements ConnectedPages {
  /** By endpoint, then by connection: its user. */
  readonly #pages = new Map<string, Map<PageConnection, string>>();
  /** A connection is of one browser. */
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
