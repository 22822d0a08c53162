import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phoneAddress, readPhoneOptions, userIDOf, usersBeside } from './phone-options.js';

describe('the address of a phone', () => {
  it('says who, through what, and with which media', () => {
    assert.deepEqual(
      readPhoneOptions('?user=carol&name=Carol%20K&signaling=local:x&media=synthetic&bare&four'),
      {
        user: { userID: 'carol', userName: 'Carol K' },
        signaling: 'local:x',
        synthetic: true,
        bare: true,
        four: true,
      },
    );
  });

  it('has a default for everything, and nobody for a user', () => {
    assert.deepEqual(readPhoneOptions(''), {
      user: undefined,
      signaling: '/',
      synthetic: false,
      bare: false,
      four: false,
    });
    assert.equal(readPhoneOptions('?user=%20').user, undefined);
  });

  it('knows the names of those of the demo, and calls others by their ID', () => {
    assert.equal(readPhoneOptions('?user=alice').user?.userName, 'Alice');
    assert.equal(readPhoneOptions('?user=dora').user?.userName, 'dora');
  });

  it('says who else is there: one, or three', () => {
    const beside = (search: string) => usersBeside(readPhoneOptions(search).four).length;
    assert.deepEqual([beside('?user=bob'), beside('?user=bob&four')], [2, 4]);
  });

  it('is read as it was written', () => {
    for (const search of [
      '',
      '?user=bob&name=Bob+%26+Co',
      '?user=x&signaling=https%3A%2F%2Fcalls.example&bare=&four=',
    ]) {
      const options = readPhoneOptions(search);
      const written = phoneAddress(options).replace('phone.html', '');
      assert.deepEqual(readPhoneOptions(written), options);
    }
  });

  it('makes an ID of a name: small letters, no white space, not too long', () => {
    assert.equal(userIDOf('  Ana María\tLópez '), 'ana-maría-lópez');
    assert.equal(userIDOf('x'.repeat(200)).length, 128);
  });
});
