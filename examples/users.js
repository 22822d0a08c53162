import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/**
 * The part that your application already has: sign-in and sessions. In this example, a cookie names a session that is kept
 * in memory. ringkit needs one function from it: one that creates a token for the signed-in user.
 */
const sessions = new Map();

/** Signs the tokens of this example; new at each start. Several servers must share one secret of at least 32 bytes. */
export const secret = randomUUID() + randomUUID();

const COOKIE = 'session';

/** @returns the value of a `Set-Cookie` header */
export function signIn(name) {
  const id = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const session = randomUUID();
  sessions.set(session, { id, name });
  return `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/`;
}

/** @returns the signed-in user of a request, or undefined */
export function userOf(request) {
  const cookies = (request.headers.cookie ?? '').split(/;\s*/);
  const session = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`));
  return sessions.get(session?.slice(COOKIE.length + 1));
}

/** A token that proves the identity of the user to the signalling server. The page requests a new one when it is needed. */
export function tokenFor(user) {
  return new SignJWT({ name: user.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime('10 minutes')
    .sign(new TextEncoder().encode(secret));
}
