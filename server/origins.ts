/** Whose pages may connect: origins as browsers write them, or everybody's. */
export type Origins = readonly string[] | '*';

/**
 * Whether a page may connect. A program that is no page names no origin, and may: the token is what proves a user.
 * @param origins default: pages of the host that was asked, whatever proxy speaks TLS for it
 */
export function mayConnect(
  { origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined },
  origins: Origins | undefined,
): boolean {
  if (origin === undefined || origins === '*') return true;
  if (origins) return origins.includes(origin);
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
