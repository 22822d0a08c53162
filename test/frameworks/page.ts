/** Shared code of the pages: the user, and the output for the test. */

const query = new URLSearchParams(location.search);

/** The user of this page, and whom it calls. */
export const user = query.get('user') ?? 'alice';
export const peer = query.get('peer') ?? 'bob';

/** A line of the page's list, for an event of the provider or a function of `invitationEvents`. */
export function line(name: string, detail = ''): string {
  return detail ? `${name}: ${detail}` : name;
}
