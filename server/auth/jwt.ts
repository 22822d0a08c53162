import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { isUserID } from '../../src/core/protocol/messages.js';
import type { Authenticate, Authentication } from './auth.js';
import { openKeyFile, whyNoKeys } from './key-file.js';
import { CLOCK_TOLERANCE_MS, MAX_TOKEN_LENGTH, MIN_SECRET_BYTES } from '../limits/limits.js';
import { silentLogger, type Logger } from '../observability/logger.js';

interface Common {
  /** `iss` must be this. Default: anything. */
  readonly issuer?: string;
  /** `aud` must name this. Default: anything. */
  readonly audience?: string;
  /** Where it says that keys were read again, or can't be. Default: silent. */
  readonly logger?: Logger;
}

export type JwtOptions = Common &
  (
    | {
        /** Shared with who issues the tokens: HS256. At least 32 bytes. */
        readonly secret: string | Uint8Array;
      }
    | {
        /**
         * Public keys (RFC 7517): their https address, a file, or the key set itself. RS256, ES256 or EdDSA. An
         * address is asked again when a token names a key that is not known; a file is read again when it has changed.
         */
        readonly jwks: string | URL | JSONWebKeySet;
      }
  );

type Verify = (
  token: string,
  options: JWTVerifyOptions,
) => Promise<{ readonly payload: JWTPayload }>;

const REQUIRED = ['sub', 'exp'];

/**
 * Users prove who they are with a JSON Web Token (RFC 7519): `sub` is the userID, `name` the display name, `exp` is
 * required. The algorithms follow from the kind of key, never from the token.
 * @param now in ms since the epoch
 * @throws {TypeError} when the secret is too short, or the keys are none
 *
 * @example
 * ```ts
 * import { authenticateJwt, createCallServer } from 'ringkit-server';
 *
 * const authenticate = await authenticateJwt({
 *   jwks: 'https://login.example.org/.well-known/jwks.json',
 *   issuer: 'https://login.example.org',
 *   audience: 'calls',
 * });
 * await createCallServer({ authenticate, origins: ['https://example.org'] });
 * ```
 */
export async function authenticateJwt(
  options: JwtOptions,
  now: () => number = Date.now,
): Promise<Authenticate> {
  const { issuer, audience, logger = silentLogger } = options;
  const verify =
    'secret' in options
      ? withSecret(options.secret)
      : await withKeys(options.jwks, { logger, now });
  return async ({ token }) => {
    if (token === undefined || token === '') return no('A token is needed.');
    if (token.length > MAX_TOKEN_LENGTH) return no('The token is too long.');
    const time = now();
    try {
      const { payload } = await verify(token, {
        requiredClaims: REQUIRED,
        clockTolerance: CLOCK_TOLERANCE_MS / 1_000,
        currentDate: new Date(time),
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
      });
      return read(payload, time);
    } catch (error) {
      const message = explain(error);
      // It is not the token's fault: the keys can't be had now.
      if (message === undefined) throw error;
      return no(message, mayPass(error));
    }
  };
}

function withSecret(secret: string | Uint8Array): Verify {
  const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (key.byteLength < MIN_SECRET_BYTES) {
    throw new TypeError(`The secret of the tokens must have at least ${MIN_SECRET_BYTES} bytes.`);
  }
  return (token, options) => jwtVerify(token, key, { ...options, algorithms: ['HS256'] });
}

type KeySource = string | URL | JSONWebKeySet;
type FileParts = Parameters<typeof openKeyFile>[1];

async function withKeys(jwks: KeySource, parts: FileParts): Promise<Verify> {
  const keys = await findKeys(jwks, parts);
  const algorithms = ['RS256', 'ES256', 'EdDSA'];
  return (token, options) => jwtVerify(token, keys, { ...options, algorithms });
}

async function findKeys(jwks: KeySource, parts: FileParts): Promise<JWTVerifyGetKey> {
  if (jwks instanceof URL || (typeof jwks === 'string' && /^https?:/i.test(jwks))) {
    const url = new URL(jwks);
    const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
    if (url.protocol !== 'https:' && !isLocal) {
      throw new TypeError(`The keys of the tokens must come by https, not from ${url.href}.`);
    }
    return createRemoteJWKSet(url);
  }
  try {
    return typeof jwks === 'string' ? await openKeyFile(jwks, parts) : createLocalJWKSet(jwks);
  } catch (cause) {
    const where = typeof jwks === 'string' ? ` in ${jwks}` : '';
    throw new TypeError(`There is no key set${where}: ${whyNoKeys(cause)}.`, { cause });
  }
}

/** The claims that the library leaves to us. */
function read({ sub, exp, iat, name }: JWTPayload, now: number): Authentication {
  if (!isUserID(sub)) return no('The subject of the token is no userID.');
  if (iat !== undefined && iat * 1_000 > now + CLOCK_TOLERANCE_MS) {
    return no('The token is from the future.', true);
  }
  return {
    ok: true,
    userID: sub,
    ...(typeof name === 'string' && { userName: name }),
    ...(exp !== undefined && { expiresAt: exp * 1_000 + CLOCK_TOLERANCE_MS }),
  };
}

const no = (message: string, retry = false): Authentication => ({
  ok: false,
  message,
  ...(retry && { retry }),
});

/** A new token, a few seconds, or a key that was published meanwhile lets the same user in. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWKSNoMatchingKey ||
    // `nbf` lies ahead; one that is missing or malformed has another reason.
    (error instanceof errors.JWTClaimValidationFailed &&
      error.claim === 'nbf' &&
      error.reason === 'check_failed')
  );
}

/** @returns what the page's developer is told, or nothing when the token is not at fault */
function explain(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? 'The token is from the future.'
      : `The token's claim "${error.claim}" is missing or wrong.`;
  }
  if (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  ) {
    return 'The token names no key that this server knows.';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'The token is not signed with the right key.';
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return "The token's algorithm is not taken.";
  if (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return 'This is no token.';
  }
  return undefined;
}
