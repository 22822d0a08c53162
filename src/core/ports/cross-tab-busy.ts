/**
 * Makes a user busy in all pages of a browser while one of these pages is in a call. A page that is closed or has
 * crashed no longer counts.
 */
export interface CrossTabBusy {
  /**
   * @param onChange receives the callID of the call that another page is in; undefined when no other page is in a call
   */
  open(onChange: (callID: string | undefined) => void): void;
  /**
   * States that this page is in that call from now on, or in none (undefined). Repeating the same value has no effect.
   */
  hold(callID: string | undefined): void;
  /** Releases the call of this page; `onChange` is not called any more. */
  close(): void;
}
