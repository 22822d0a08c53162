/** Shares among the pages of a browser that the user has silenced the ringing of a call. */
export interface CallSilence {
  /** @param onSilenced receives the callID of a call that another page has silenced */
  open(onSilenced: (callID: string) => void): void;
  /**
   * Tells the other pages, also those that open later while this call rings. Undefined: it does not ring any more, and
   * pages that open later are told nothing.
   */
  silence(callID: string | undefined): void;
  /** `onSilenced` is not called any more. */
  close(): void;
}
