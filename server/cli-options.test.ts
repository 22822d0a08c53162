import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { selfSigned } from '../test/support/certificate.js';
import { useClients } from '../test/support/clients.js';
import { Command, SENTENCE, ServerCommand } from '../test/support/command.js';
import { signingKey, TOKEN_SECRET, tokenFor } from '../test/support/tokens.js';
import { invite } from '../test/support/wire-client.js';
import type { IceServer } from './auth/turn.js';

describe('options of ringkit-server', () => {
  const clients = useClients();
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'ringkit-options-'))));
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => Command.endAll());
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const start = (...args: string[]) => new ServerCommand('--port', '0', ...args).listening();
  const rejection = { data: { code: 'refused' } };

  it('serves https and wss with --tls-cert and --tls-key', async () => {
    const { cert, key } = selfSigned();
    const tls = ['--tls-cert', file('cert.pem', cert), '--tls-key', file('key.pem', key)];
    const url = await start('--demo', ...tls);
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+\/$/);
    const alice = await clients.connect(url, 'alice-1', {}, { ca: cert });
    await alice.hello();
    assert.deepEqual(await alice.send(invite('c', ['bob'])), {
      reached: [{ user: 'bob', devices: 0 }],
    });
    await assert.rejects(clients.connect(url, 'bob-1'), 'a self-signed certificate is not trusted');
  });

  it('accepts pages of apps and pages without an origin that --origin lists', async () => {
    const listed = ['capacitor://localhost', 'app://x', 'null'];
    const url = await start('--demo', ...listed.flatMap((origin) => ['--origin', origin]));
    const from = async (Origin: string, deviceID: string) => {
      const client = await clients.connect(url, deviceID, {}, { extraHeaders: { Origin } });
      await client.hello();
    };
    for (const [index, origin] of listed.entries()) {
      await assert.doesNotReject(from(origin, `alice-${index + 1}`), origin);
    }
    for (const origin of ['capacitor://localhost2', 'http://localhost', 'app://y', 'app://x/']) {
      await assert.rejects(from(origin, 'bob-1'), { message: /origin may not connect/ }, origin);
    }
  });

  it('accepts only tokens that are signed with --jwt-secret, for --jwt-audience', async () => {
    const url = await start('--jwt-secret', TOKEN_SECRET, '--jwt-audience', 'calls');
    const token = await tokenFor('alice', 60, { aud: 'calls' });
    await clients.ready(url, 'alice-1', { token });
    await assert.rejects(clients.ready(url, 'bob-1', { token }), rejection);
    await assert.rejects(clients.ready(url, 'alice-2'), rejection);
    const other = await tokenFor('alice', 60, { aud: 'mail' });
    await assert.rejects(clients.ready(url, 'alice-2', { token: other }), rejection);
  });

  it('reads the keys of tokens from the --jwks file, and again after the file has changed', async () => {
    const [older, newer] = [await signingKey('older'), await signingKey('newer')];
    const jwks = file('keys.json', { keys: [older.jwk] });
    const url = await start('--jwks', jwks);
    await clients.ready(url, 'alice-1', { token: await older.tokenFor('alice') });
    const token = await newer.tokenFor('bob');
    await assert.rejects(clients.ready(url, 'bob-1', { token }), {
      message: /no key/,
      // The client may retry: the key may be published later.
      data: { code: 'unavailable', cause: 'token' },
    });
    file('keys.json', { keys: [newer.jwk] });
    await clients.ready(url, 'bob-1', { token });
  });

  it('sends credentials for the TURN server to a device that connects', async () => {
    const urls = ['turn:turn.example.org:3478', 'turns:turn.example.org:5349?transport=tcp'];
    const named = urls.flatMap((one) => ['--turn-url', one]);
    const url = await start('--demo', ...named, '--turn-secret', 'shared', '--turn-ttl', '600');
    const requestedAt = Date.now() / 1_000;
    const alice = await clients.ready(url, 'alice-1');
    const [server, ...others] = alice.iceServers as readonly IceServer[];
    assert.deepEqual([server?.urls, others], [urls, []]);
    const { username = '', credential } = server ?? {};
    assert.equal(credential, createHmac('sha1', 'shared').update(username).digest('base64'));
    const [expiry, user] = username.split(':');
    assert.equal(user, 'alice');
    assert.ok(Math.abs(Number(expiry) - requestedAt - 600) < 60, username);
  });

  it('identifies clients by the address that a trusted proxy adds', async () => {
    const config = file('config.json', { limits: { connectionsPerAddress: 1 } });
    const from = (address: string) => ({ extraHeaders: { 'x-forwarded-for': address } });
    const url = await start('--demo', '--config', config, '--trust-proxy');
    await clients.connect(url, 'alice-1', {}, from('192.0.2.1'));
    await clients.connect(url, 'bob-1', {}, from('192.0.2.2'));
    await assert.rejects(clients.connect(url, 'carol-1', {}, from('192.0.2.1')));
    // With two proxies, the last entry of the header is the first proxy, the entry before it the client. Entries that
    // the client itself sent are ignored.
    const behindTwo = await start('--demo', '--config', config, '--trust-proxy', '2');
    await clients.connect(behindTwo, 'alice-1', {}, from('192.0.2.1, 198.51.100.1'));
    await clients.connect(behindTwo, 'bob-1', {}, from('192.0.2.2, 198.51.100.1'));
    const spoofed = from('203.0.113.9, 192.0.2.1, 198.51.100.1');
    await assert.rejects(clients.connect(behindTwo, 'carol-1', {}, spoofed));
  });

  it('explains each invalid value in one sentence, and exits with code 2 or 1', async () => {
    const { cert, key } = selfSigned();
    const certFile = file('good-cert.pem', cert);
    const keyFile = file('good-key.pem', key);
    const other = file('other-key.pem', selfSigned().key);
    const junk = file('junk.pem', 'no certificate');
    const none = join(folder, 'none');
    const tls = (certPath: string, keyPath: string) => [
      ...['--demo', '--tls-cert', certPath, '--tls-key', keyPath],
    ];
    const wrong: [args: string[], why: RegExp, code?: number][] = [
      [['--demo', '--jwt-secret', TOKEN_SECRET], /Choose one of/],
      [['--jwt-secret', 'short'], /32 bytes/],
      [['--jwks', none], /ENOENT/],
      [['--jwks', file('no-keys.json', { keys: 7 })], /no-keys\.json/],
      [['--jwks', 'http://example.org/jwks.json'], /https/],
      [['--demo', '--tls-cert', certFile], /together/],
      [tls(none, keyFile), /Cannot read the certificate/],
      [tls(junk, keyFile), /certificate or its key is invalid/, 1],
      [tls(certFile, other), /certificate or its key is invalid/, 1],
      [['--demo', '--turn-url', 'turn:example.org'], /together/],
      [['--demo', '--turn-url', 'http://example.org', '--turn-secret', 's'], /turn:host/],
      [['--demo', '--turn-url', 'turn:a', '--turn-secret', 's', '--turn-ttl', '59'], /--turn-ttl/],
      [['--demo', '--trust-proxy', '11'], /--trust-proxy must be a number from 0 to 10/],
      [['--demo', '--origin', 'example.org'], /--origin must be like/],
      [['--demo', '--origin', 'capacitor://localhost/index.html'], /--origin must be like/],
      [['--demo', '--log-level', 'loud'], /--log-level must be one of/],
      [['--demo', '--config', none], /configuration/],
      [['--demo', '--config', file('bad.json', { limits: { messages: 5 } })], /"messages"/],
    ];
    const check = async ([args, why, code = 2]: (typeof wrong)[number]) => {
      const command = new ServerCommand('--port', '0', ...args);
      const name = args.join(' ');
      assert.equal(await command.ended(), code, name);
      const [sentence = ''] = command.stderr.split('\n').slice(-2);
      assert.match(`${sentence}\n`, SENTENCE, name);
      assert.match(sentence, why);
      assert.doesNotMatch(command.stdout, /listens/);
    };
    // Run four processes at a time: most of the time is spent starting them.
    while (wrong.length > 0) await Promise.all(wrong.splice(0, 4).map(check));
  });
});
