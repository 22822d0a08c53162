import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

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

/** A key pair of who issues tokens: what is published of it, and tokens that are good for an hour. */
export async function signingKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    tokenFor: (userID: string, issuedAt = Date.now()) =>
      new SignJWT({ exp: Math.floor(issuedAt / 1_000) + 3_600 })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setSubject(userID)
        .sign(privateKey),
  };
}
