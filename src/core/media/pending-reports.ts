/**
 * The statistics of a connection that are being read.
 *
 * Firefox never settles `getStats()` of a connection that is closed meanwhile, so that what waits for the reports of several
 * connections would wait indefinitely.
 */
export class PendingReports {
  readonly #ends = new Set<(report?: RTCStatsReport) => void>();
  #isClosed = false;

  /**
   * @param request reads a report; not called after `close`
   * @returns the report; undefined if it could not be read, or the connection was closed meanwhile
   */
  read(request: () => Promise<RTCStatsReport> | undefined): Promise<RTCStatsReport | undefined> {
    return new Promise((resolve) => {
      const end = (report?: RTCStatsReport): void => {
        this.#ends.delete(end);
        resolve(report);
      };
      const reading = this.#isClosed ? undefined : request();
      if (!reading) return end();
      this.#ends.add(end);
      reading.then(end, () => end());
    });
  }

  /** To be called when the connection is closed. Ends all readings. */
  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end();
  }
}
