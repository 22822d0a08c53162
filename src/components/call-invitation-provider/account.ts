/** The members of a provider that identify whose data a browser stores. */
export interface AccountOwner {
  readonly userID: string | null;
  readonly signaling: string | null;
}

/** The server address as an absolute http(s) URL without a trailing slash. `local:…` stays as it is. */
export function addressOf(signaling: string | null): string {
  const given = signaling || 'local:';
  if (given.startsWith('local:')) return given;
  return new URL(given, document.baseURI).href.replace(/^ws/, 'http').replace(/\/+$/, '');
}

/** Separates the stored data of users and servers. */
export const accountOf = ({ userID, signaling }: AccountOwner): string =>
  `${addressOf(signaling)} ${userID ?? ''}`;
