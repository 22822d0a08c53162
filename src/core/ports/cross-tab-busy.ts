/**
 * The line that the pages of one browser share, for one user: whoever is in a call on one of them is busy on all.
 * A page that is gone holds nothing.
 */
export interface CrossTabBusy {
  /** @param onChange told the callID of a call that another page is in; undefined when none is any more */
  open(onChange: (callID: string | undefined) => void): void;
  /** This page is in that call from now on, or in none. What it says again changes nothing. */
  hold(callID: string | undefined): void;
  /** Lets go, and tells nothing more. */
  close(): void;
}
