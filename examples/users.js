import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/**
 * The part that your application has already: who is signed in. Here a cookie names a session, kept in memory. What
 * ringkit needs of it is one function: a token for whoever asks.
 */
const sessions = new Map();

/** For the tokens of this example, new at each start. Several servers share one, of 32 bytes or more. */
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

/** @returns the user who asks, or nothing */
export function userOf(request) {
  const cookies = (request.headers.cookie ?? '').split(/;\s*/);
  const session = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`));
  return sessions.get(session?.slice(COOKIE.length + 1));
}

/** Proves to the signalling server for a few minutes who this is; the page asks for another one when it is needed. */
export function tokenFor(user) {
  return new SignJWT({ name: user.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime('10 minutes')
    .sign(new TextEncoder().encode(secret));
}
