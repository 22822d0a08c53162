import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phoneAddress, readPhoneOptions, userIDOf, usersBeside } from './phone-options.js';

describe('the URL of a phone', () => {
  it('contains user, signalling and media', () => {
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

  it('has defaults for all options, and no default user', () => {
    assert.deepEqual(readPhoneOptions(''), {
      user: undefined,
      signaling: '/',
      synthetic: false,
      bare: false,
      four: false,
    });
    assert.equal(readPhoneOptions('?user=%20').user, undefined);
  });

  it('uses the names of demo users, and the ID of other users as name', () => {
    assert.equal(readPhoneOptions('?user=alice').user?.userName, 'Alice');
    assert.equal(readPhoneOptions('?user=dora').user?.userName, 'dora');
  });

  it('lists one or three other users', () => {
    const beside = (search: string) => usersBeside(readPhoneOptions(search).four).length;
    assert.deepEqual([beside('?user=bob'), beside('?user=bob&four')], [2, 4]);
  });

  it('is parsed to the options that it was created from', () => {
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

  it('derives an ID from a name: lower case, no white space, limited length', () => {
    assert.equal(userIDOf('  Ana María\tLópez '), 'ana-maría-lópez');
    assert.equal(userIDOf('x'.repeat(200)).length, 128);
  });
});
