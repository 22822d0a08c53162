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
import { keyFileError, openKeyFile } from './key-file.js';
import { CLOCK_TOLERANCE_MS, MAX_TOKEN_LENGTH, MIN_SECRET_BYTES } from '../limits/limits.js';
import { silentLogger, type Logger } from '../observability/logger.js';

interface CommonOptions {
  /** Required value of the claim `iss`. Default: any. */
  readonly issuer?: string;
  /** Value that the claim `aud` must contain. Default: any. */
  readonly audience?: string;
  /** Logs that a key file was read again, or can't be read. Default: silent. */
  readonly logger?: Logger;
}

export type JwtOptions = CommonOptions &
  (
    | {
        /** Secret shared with the issuer of the tokens (HS256). At least 32 bytes. */
        readonly secret: string | Uint8Array;
      }
    | {
        /**
         * Public keys as a JSON Web Key Set (RFC 7517): its https URL, the path of a file, or the object itself. The
         * algorithm is RS256, ES256 or EdDSA. A URL is fetched again when a token names an unknown key; a file is read
         * again when it has changed.
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
 * Authenticates users by JSON Web Tokens (RFC 7519). The claim `sub` is the user ID, `name` the display name; `exp` is
 * required. The type of the key determines the accepted algorithms; the token's header does not.
 * @param now returns the current time in ms since the epoch
 * @throws {TypeError} if the secret is too short, or the key set can't be read or is invalid
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
    if (token === undefined || token === '') return reject('A token is needed.');
    if (token.length > MAX_TOKEN_LENGTH) return reject('The token is too long.');
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
      // The fault is not in the token: the keys are not available now.
      if (message === undefined) throw error;
      return reject(message, isTemporary(error));
    }
  };
}

function withSecret(secret: string | Uint8Array): Verify {
  const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (key.byteLength < MIN_SECRET_BYTES) {
    throw new TypeError(`The JWT secret must have at least ${MIN_SECRET_BYTES} bytes.`);
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
      throw new TypeError(`The JWT keys must be fetched over https, not from ${url.href}.`);
    }
    return createRemoteJWKSet(url);
  }
  try {
    return typeof jwks === 'string' ? await openKeyFile(jwks, parts) : createLocalJWKSet(jwks);
  } catch (cause) {
    const where = typeof jwks === 'string' ? ` in ${jwks}` : '';
    throw new TypeError(`Cannot read a JSON Web Key Set${where}: ${keyFileError(cause)}.`, {
      cause,
    });
  }
}

/** Checks the claims that `jwtVerify` does not check. */
function read({ sub, exp, iat, name }: JWTPayload, now: number): Authentication {
  if (!isUserID(sub)) return reject('The subject of the token is not a valid user ID.');
  if (iat !== undefined && iat * 1_000 > now + CLOCK_TOLERANCE_MS) {
    return reject('The token is from the future.', true);
  }
  return {
    ok: true,
    userID: sub,
    ...(typeof name === 'string' && { userName: name }),
    ...(exp !== undefined && { expiresAt: exp * 1_000 + CLOCK_TOLERANCE_MS }),
  };
}

const reject = (message: string, retry = false): Authentication => ({
  ok: false,
  message,
  ...(retry && { retry }),
});

/** Whether a later attempt may succeed: with a new token, after some seconds, or after a key has been published. */
function isTemporary(error: unknown): boolean {
  return (
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWKSNoMatchingKey ||
    // The time in `nbf` is in the future. A missing or malformed `nbf` has another reason.
    (error instanceof errors.JWTClaimValidationFailed &&
      error.claim === 'nbf' &&
      error.reason === 'check_failed')
  );
}

/** @returns a message for the developer of the page, or undefined if the fault is not in the token */
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
    return 'The token matches no key of this server.';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return "The token's signature is invalid.";
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return "The token's algorithm is not supported.";
  if (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return 'The token is not a valid JWT.';
  }
  return undefined;
}
