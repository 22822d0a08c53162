import { SignJWT, type JWTPayload } from 'jose';

/** What the test's server knows, too. */
export const TOKEN_SECRET = 'a secret of thirty-two bytes, or more';

/**
 * A token as an application issues it.
 * @param lifeSeconds how long it is good, from now on
 */
export function tokenFor(
  userID: string,
  lifeSeconds = 3_600,
  claims: JWTPayload = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ exp: now + lifeSeconds, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userID)
    .sign(new TextEncoder().encode(TOKEN_SECRET));
}
