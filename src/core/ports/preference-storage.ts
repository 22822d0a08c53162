/**
 * Keeps in a browser which calls ring for one user of one server, where the server does not. Its methods never throw.
 */
export interface PreferenceStorage {
  /** @returns the stored JSON, which other scripts of the page may have changed; undefined if there is none */
  read(): string | undefined;
  write(text: string): void;
  /** @param changed called when another page of this browser has written @returns a function that stops listening */
  listen(changed: () => void): () => void;
}
