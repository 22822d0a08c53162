import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** Known to the server of the test, too. */
export const TOKEN_SECRET = 'a secret of thirty-two bytes, or more';

/**
 * A token as an application issues it.
 * @param lifeSeconds seconds until the token expires
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

/** A key pair of a token issuer: its public JWK, and tokens that are valid for an hour. */
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
