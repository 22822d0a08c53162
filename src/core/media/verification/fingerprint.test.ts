import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FingerprintPin, readFingerprint } from './fingerprint.js';

const value = (byte: string, length = 32): string => Array(length).fill(byte).join(':');
const sdp = (...attributes: string[]): string =>
  ['v=0', 's=-', ...attributes.slice(0, 1), 'm=audio 9 X 0', ...attributes.slice(1), ''].join(
    '\r\n',
  );
const line = (byte: string, hash = 'sha-256', length = 32): string =>
  `a=fingerprint:${hash} ${value(byte, length)}`;

describe('the fingerprint of a description', () => {
  it('is read from the session and from media sections, in one spelling', () => {
    const expected = `sha-256 ${value('AB')}`;
    assert.equal(readFingerprint(sdp(line('AB'))), expected);
    assert.equal(readFingerprint(sdp('', line('AB'), line('AB'))), expected);
    assert.equal(readFingerprint(sdp(line('ab', 'SHA-256'), line('AB'))), expected);
    assert.equal(readFingerprint(sdp(line('AB')).replaceAll('\r\n', '\n')), expected);
  });

  it('must be the same everywhere', () => {
    assert.equal(readFingerprint(sdp(line('AB'), line('AC'))), undefined);
    assert.equal(readFingerprint(sdp('', line('AB'), line('AC'))), undefined);
    assert.equal(readFingerprint(sdp('', line('AB'), line('AB', 'sha-512', 64))), undefined);
  });

  it('must be by SHA-256 or stronger', () => {
    assert.equal(readFingerprint(sdp(line('AB', 'sha-384', 48))), `sha-384 ${value('AB', 48)}`);
    assert.equal(readFingerprint(sdp(line('AB', 'sha-512', 64))), `sha-512 ${value('AB', 64)}`);
    for (const [hash, length] of [
      ['md5', 16],
      ['sha-1', 20],
      ['sha-224', 28],
      ['sha-256', 31],
      ['sha-256', 20],
      ['sha-512', 32],
      ['constructor', 32],
    ] as const) {
      assert.equal(readFingerprint(sdp(line('AB', hash, length))), undefined, hash);
      // One that is too weak is not accepted beside a strong one either.
      assert.equal(readFingerprint(sdp(line('AB'), line('AB', hash, length))), undefined, hash);
    }
  });

  it('is required', () => {
    assert.equal(readFingerprint(''), undefined);
    assert.equal(readFingerprint(sdp('a=mid:0')), undefined);
  });

  it('is not accepted in a form that parsers may read differently', () => {
    for (const odd of [
      ` ${line('AC')}`,
      line('AC').replace('a=', 'a ='),
      line('AC').replace('fingerprint:', 'FINGERPRINT:'),
      line('AC').replace('sha-256 ', 'sha-256  '),
      line('AC').replaceAll(':AC', '-AC'),
      `${line('AC')} x`,
      'a=fingerprint:',
      'a=fingerprint',
    ]) {
      assert.equal(readFingerprint(sdp(line('AB'), odd)), undefined, odd);
      assert.equal(readFingerprint(sdp(line('AB')).replace('s=-', `s=-\r${odd}`)), undefined, odd);
    }
  });

  it('reading never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readFingerprint(`a=fingerprint:${text}`)));
  });
});

describe('a pin', () => {
  it('accepts only descriptions with the fingerprint of the first one', () => {
    const pin = new FingerprintPin();
    assert.ok(pin.accept(sdp(line('AB'))));
    assert.ok(pin.accept(sdp('', line('ab'))));
    assert.ok(!pin.accept(sdp(line('AC'))));
    assert.ok(!pin.accept(sdp('', line('AB'), line('AC'))));
    assert.ok(!pin.accept(sdp('a=mid:0')));
    assert.ok(pin.accept(sdp(line('AB'))));
    assert.equal(pin.fingerprint, `sha-256 ${value('AB')}`);
  });

  it('is not set by a description without an acceptable fingerprint', () => {
    const pin = new FingerprintPin();
    assert.ok(!pin.accept(sdp(line('AB', 'sha-1', 20))));
    assert.equal(pin.fingerprint, undefined);
  });

  it('may be known before', () => {
    const pin = new FingerprintPin(`sha-256 ${value('AB')}`);
    assert.ok(!pin.accept(sdp(line('AC'))));
    assert.ok(pin.accept(sdp(line('AB'))));
  });
});
