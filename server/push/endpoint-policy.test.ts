import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { describe, it } from 'node:test';
import { isPublicAddress, isPublicEndpoint, publicLookup } from './endpoint-policy.js';

describe('isPublicEndpoint', () => {
  it('accepts https URLs with a host name or a public address', () => {
    const allowed = [
      'https://fcm.googleapis.com/fcm/send/x:y',
      'https://updates.push.services.mozilla.com/wpush/v2/x',
      'https://web.push.apple.com:443/x',
      'https://8.8.8.8/x',
      'https://[2606:4700::1111]/x',
    ];
    for (const endpoint of allowed) assert.equal(isPublicEndpoint(endpoint), true, endpoint);
  });

  it('rejects other URLs, and private addresses in any notation', () => {
    const rejected = [
      'http://fcm.googleapis.com/x',
      'file:///etc/passwd',
      'data:text/plain,x',
      'nonsense',
      '',
      'https://user:password@fcm.googleapis.com/x',
      'https://localhost/x',
      'https://LOCALHOST./x',
      'https://a.localhost/x',
      'https://127.0.0.1/x',
      'https://127.1/x',
      'https://2130706433/x',
      'https://0x7f.0.0.1/x',
      'https://0177.0.0.1/x',
      'https://0/x',
      'https://10.1.2.3/x',
      'https://169.254.169.254/latest',
      'https://172.31.0.1/x',
      'https://192.168.1.1/x',
      'https://100.64.0.1/x',
      'https://224.0.0.1/x',
      'https://255.255.255.255/x',
      'https://[::1]/x',
      'https://[::]/x',
      'https://[::ffff:127.0.0.1]/x',
      'https://[::ffff:8.8.8.8]/x',
      'https://[fe80::1]/x',
      'https://[fd00::1]/x',
      'https://[ff02::1]/x',
      'https://[64:ff9b::a00:1]/x',
      'https://[2002:7f00:1::]/x',
      'https://[2001:db8::1]/x',
    ];
    for (const endpoint of rejected) assert.equal(isPublicEndpoint(endpoint), false, endpoint);
    assert.equal(isPublicAddress('fcm.googleapis.com'), false);
  });
});

describe('publicLookup', () => {
  const lookUp = (addresses: LookupAddress[], options: { all?: boolean } = {}) =>
    new Promise<unknown>((resolve, reject) => {
      const resolveName = (_name: string, _options: unknown, done: (...all: unknown[]) => void) =>
        done(null, addresses);
      const lookup = publicLookup(resolveName as unknown as Parameters<typeof publicLookup>[0]);
      lookup('push.example', options, (error, address, family) => {
        if (error) reject(error);
        else resolve(options.all ? address : [address, family]);
      });
    });
  const own = { address: '10.0.0.1', family: 4 };
  const open = { address: '8.8.8.8', family: 4 };

  it('returns public addresses, in the requested form', async () => {
    assert.deepEqual(await lookUp([open]), ['8.8.8.8', 4]);
    assert.deepEqual(await lookUp([open], { all: true }), [open]);
  });

  it('rejects a name with an address that is not public, even among others', async () => {
    const code = { code: 'ENOTPUBLIC' };
    await assert.rejects(lookUp([own]), code);
    await assert.rejects(lookUp([open, own], { all: true }), code);
    await assert.rejects(lookUp([]), code);
  });

  it('forwards the error for an unknown name', async () => {
    const lookup = publicLookup(((_name: string, _options: unknown, done: (error: Error) => void) =>
      done(new Error('unknown'))) as unknown as Parameters<typeof publicLookup>[0]);
    await assert.rejects(
      new Promise((resolve, reject) => {
        lookup('push.example', {}, (error) => (error ? reject(error) : resolve(undefined)));
      }),
      /unknown/,
    );
  });
});
