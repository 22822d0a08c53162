import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  base64url,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';
import type { Authenticate } from './auth.js';
import { authenticateJwt } from './jwt.js';
import { CLOCK_TOLERANCE_MS } from '../limits/limits.js';

const SECRET = '0123456789abcdef0123456789abcdef';
const NOW = 1_800_000_000_000;
const seconds = NOW / 1_000;
const tolerance = CLOCK_TOLERANCE_MS / 1_000;
const now = () => NOW;

const payload = (claims: object = {}) => ({ sub: 'alice', exp: seconds + 60, ...claims });
const sign = (claims: object, key: CryptoKey | string = SECRET, header: object = {}) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(typeof key === 'string' ? new TextEncoder().encode(key) : key);
const ask = (authenticate: Authenticate, token: string | undefined) =>
  authenticate({ userID: 'alice', userName: '', token });
const messageOf = async (authenticate: Authenticate, token: string | undefined) => {
  const result = await ask(authenticate, token);
  return result.ok ? '(accepted)' : result.message;
};

describe('authenticateJwt with a secret', () => {
  let authenticate: Authenticate;
  before(async () => {
    authenticate = await authenticateJwt({ secret: SECRET }, now);
  });

  it('returns the user ID, the display name and the expiry time of a valid token', async () => {
    assert.deepEqual(await ask(authenticate, await sign(payload({ name: 'Alice' }))), {
      ok: true,
      userID: 'alice',
      userName: 'Alice',
      expiresAt: NOW + 60_000 + CLOCK_TOLERANCE_MS,
    });
    const nameless = await ask(authenticate, await sign(payload({ name: 7 })));
    assert.equal(nameless.ok && nameless.userName, undefined);
  });

  it('rejects missing, malformed, forged, expired and incomplete tokens', async () => {
    const cases: [string, string | undefined, RegExp][] = [
      ['none', undefined, /needed/],
      ['empty', '', /needed/],
      ['nonsense', 'abc', /not a valid JWT/],
      ['three parts of nonsense', 'a.b.c', /not a valid JWT/],
      ['too long', 'x'.repeat(8_193), /too long/],
      ['another secret', await sign(payload(), SECRET.replace('0', '1')), /signature/],
      ['expired', await sign(payload({ exp: seconds - tolerance - 1 })), /expired/],
      ['without an expiry time', await sign(payload({ exp: undefined })), /"exp"/],
      ['whose expiry time is not a number', await sign(payload({ exp: 'never' })), /"exp"/],
      ['without a user', await sign(payload({ sub: undefined })), /"sub"/],
      ['with an empty user', await sign(payload({ sub: '' })), /valid user ID/],
      ['with a number as user', await sign(payload({ sub: 7 })), /valid user ID|"sub"/],
      ['with an invalid user ID', await sign(payload({ sub: 'two words' })), /valid user ID/],
      ['not valid yet', await sign(payload({ nbf: seconds + tolerance + 1 })), /future/],
      ['issued in the future', await sign(payload({ iat: seconds + tolerance + 1 })), /future/],
      ['with an invalid issue time', await sign(payload({ iat: 'now' })), /"iat"/],
      ['without a signature', new UnsecuredJWT(payload()).encode(), /valid JWT|algorithm/],
      [
        'with the algorithm "none"',
        `${base64url.encode('{"alg":"none"}')}.${(await sign(payload())).split('.')[1] ?? ''}.`,
        /algorithm|valid JWT/,
      ],
      ['with another algorithm', await sign(payload(), SECRET, { alg: 'HS512' }), /algorithm/],
    ];
    for (const [name, token, message] of cases) {
      assert.match(await messageOf(authenticate, token), message, name);
    }
  });

  it('tolerates times that are off by up to CLOCK_TOLERANCE_MS', async () => {
    for (const claims of [
      { exp: seconds - tolerance + 1 },
      { nbf: seconds + tolerance },
      { iat: seconds + tolerance },
    ]) {
      assert.equal(await messageOf(authenticate, await sign(payload(claims))), '(accepted)');
    }
  });

  it('sets `retry` only for tokens that have expired or are not valid yet', async () => {
    const cases: [object, boolean][] = [
      [{ exp: seconds - tolerance - 1 }, true],
      [{ nbf: seconds + tolerance + 1 }, true],
      [{ iat: seconds + tolerance + 1 }, true],
      [{ nbf: 'now' }, false],
      [{ exp: undefined }, false],
      [{ sub: 'two words' }, false],
    ];
    for (const [claims, retry] of cases) {
      const result = await ask(authenticate, await sign(payload(claims)));
      assert.ok(!result.ok);
      assert.equal(result.retry ?? false, retry, JSON.stringify(claims));
    }
    const forged = await ask(authenticate, await sign(payload(), SECRET.replace('0', '1')));
    assert.equal('retry' in forged, false);
  });

  it('requires the configured issuer and audience', async () => {
    const strict = await authenticateJwt({ secret: SECRET, issuer: 'app', audience: 'calls' }, now);
    const good = payload({ iss: 'app', aud: ['calls', 'mail'] });
    assert.equal(await messageOf(strict, await sign(good)), '(accepted)');
    assert.match(await messageOf(strict, await sign({ ...good, iss: 'other' })), /"iss"/);
    assert.match(await messageOf(strict, await sign({ ...good, aud: 'mail' })), /"aud"/);
    assert.match(await messageOf(strict, await sign(payload())), /"(iss|aud)"/);
  });

  it('throws a TypeError for a secret of fewer than 32 bytes', async () => {
    await assert.rejects(authenticateJwt({ secret: SECRET.slice(1) }), TypeError);
    await assert.rejects(authenticateJwt({ secret: new Uint8Array(31) }), TypeError);
  });
});

describe('authenticateJwt with public keys', () => {
  const keys: Record<string, { publicKey: CryptoKey; privateKey: CryptoKey }> = {};
  let jwks: JSONWebKeySet;
  before(async () => {
    for (const alg of ['RS256', 'ES256', 'EdDSA', 'PS256']) {
      keys[alg] = await generateKeyPair(alg, { extractable: true });
    }
    jwks = {
      keys: await Promise.all(
        Object.entries(keys).map(async ([alg, { publicKey }]) => ({
          ...(await exportJWK(publicKey)),
          kid: alg,
        })),
      ),
    };
  });
  const signWith = (alg: string, header: object = {}) => {
    const pair = keys[alg];
    assert.ok(pair);
    return sign(payload(), pair.privateKey, { alg, kid: alg, ...header });
  };

  it('accepts RS256, ES256 and EdDSA, and no other algorithm', async () => {
    const authenticate = await authenticateJwt({ jwks }, now);
    for (const alg of ['RS256', 'ES256', 'EdDSA']) {
      assert.equal(await messageOf(authenticate, await signWith(alg)), '(accepted)', alg);
    }
    assert.match(await messageOf(authenticate, await signWith('PS256')), /algorithm/);
    assert.match(await messageOf(authenticate, await signWith('ES256', { kid: 'x' })), /no key/);
    assert.match(
      await messageOf(authenticate, await signWith('ES256', { kid: 'RS256' })),
      /no key/,
    );
  });

  it('rejects an HS256 token that is signed with the public key as the secret', async () => {
    const authenticate = await authenticateJwt({ jwks }, now);
    const pair = keys['RS256'];
    assert.ok(pair);
    for (const secret of [
      await exportSPKI(pair.publicKey),
      JSON.stringify(jwks.keys[0]),
      String(jwks.keys[0]?.n),
    ]) {
      const forged = await sign(payload(), secret, { kid: 'RS256' });
      assert.match(await messageOf(authenticate, forged), /algorithm/);
    }
  });

  it('reads the keys from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringkit-jwks-'));
    const file = join(folder, 'keys.json');
    await writeFile(file, JSON.stringify(jwks));
    const authenticate = await authenticateJwt({ jwks: file }, now);
    assert.equal(await messageOf(authenticate, await signWith('ES256')), '(accepted)');
    await writeFile(file, '{"keys": 7}');
    await assert.rejects(authenticateJwt({ jwks: file }), { name: 'TypeError', message: /keys/ });
    await rm(folder, { recursive: true });
    await assert.rejects(authenticateJwt({ jwks: file }), { name: 'TypeError', message: /ENOENT/ });
  });

  it('fetches the keys from a URL, and throws while the URL is unavailable, so that clients retry', async (t) => {
    let status = 503;
    const issuer = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(jwks));
    }).listen(0, '127.0.0.1');
    t.after(() => {
      issuer.closeAllConnections();
      issuer.close();
    });
    await once(issuer, 'listening');
    const url = `http://127.0.0.1:${String((issuer.address() as AddressInfo).port)}/jwks.json`;
    const authenticate = await authenticateJwt({ jwks: url }, now);
    await assert.rejects(ask(authenticate, await signWith('ES256')));
    status = 200;
    assert.equal(await messageOf(authenticate, await signWith('ES256')), '(accepted)');
    issuer.closeAllConnections();
    issuer.close();
    assert.equal(await messageOf(authenticate, await signWith('RS256')), '(accepted)');
  });

  it('does not fetch keys over plain http', async () => {
    await assert.rejects(authenticateJwt({ jwks: 'http://example.org/jwks.json' }), /https/);
  });
});
