/** Which browsers have a page connected: it rings by itself, and needs no push. */
export class Connected {
  /** By endpoint, then by connection: its user. */
  readonly #pages = new Map<string, Map<object, string>>();
  /** A connection is of one browser. */
  readonly #endpoints = new Map<object, string>();

  /** This connection's page is one of the browser with this endpoint. */
  tie(connection: object, userID: string, endpoint: string): void {
    this.untie(connection);
    this.#endpoints.set(connection, endpoint);
    const pages = this.#pages.get(endpoint) ?? new Map<object, string>();
    this.#pages.set(endpoint, pages.set(connection, userID));
  }

  /** It is gone, or it is not of that browser any more. */
  untie(connection: object): void {
    const endpoint = this.#endpoints.get(connection);
    if (endpoint === undefined) return;
    this.#endpoints.delete(connection);
    const pages = this.#pages.get(endpoint);
    pages?.delete(connection);
    if (pages?.size === 0) this.#pages.delete(endpoint);
  }

  /** Whether a page of this user in that browser is connected now. */
  has(userID: string, endpoint: string): boolean {
    return [...(this.#pages.get(endpoint)?.values() ?? [])].includes(userID);
  }
}
