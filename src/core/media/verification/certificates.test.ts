import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../../test/support/fake-clock.js';
import { CallCertificates, GENERATION_LIMIT_MS } from './certificates.js';

const VALID = { expires: Date.now() + 30 * 24 * 60 * 60_000 } as RTCCertificate;

/** Certificates of a browser that generates them as told, in its order. */
function certificates(...generated: Promise<RTCCertificate>[]) {
  const clock = createFakeClock();
  const connection = {
    generateCertificate: () => generated.shift() ?? Promise.reject(new Error('not expected')),
  } as unknown as typeof RTCPeerConnection;
  return { clock, calls: new CallCertificates(() => connection, clock) };
}

describe('the certificate of a call', () => {
  it('is waited for, and leaves no timer', async () => {
    const { clock, calls } = certificates(Promise.resolve(VALID));
    const certificate = calls.of('call');
    const ready: unknown[] = [];
    certificate.whenReady(() => ready.push(certificate.value));
    assert.deepEqual(ready, []);
    await clock.settle();
    assert.deepEqual(ready, [VALID]);
    assert.equal(clock.timers, 0);
  });

  it('is done without if the browser takes too long, also if it comes later', async () => {
    let generate = (_: RTCCertificate): void => {};
    const { clock, calls } = certificates(new Promise((resolve) => (generate = resolve)));
    calls.prepare();
    const certificate = calls.of('call');
    let isReady = false;
    certificate.whenReady(() => (isReady = true));
    await clock.advance(GENERATION_LIMIT_MS - 1);
    assert.equal(isReady, false);
    await clock.advance(1);
    assert.equal(isReady, true, 'the links of the call are built');
    assert.equal(certificate.value, undefined);
    generate(VALID);
    await clock.settle();
    // The other side has seen another certificate meanwhile.
    assert.equal(certificate.value, undefined);
  });

  it('is generated again if it expires soon', async () => {
    const old = { expires: Date.now() + 60_000 } as RTCCertificate;
    const { clock, calls } = certificates(Promise.resolve(old), Promise.resolve(VALID));
    calls.prepare();
    await clock.settle();
    const certificate = calls.of('call');
    await clock.settle();
    assert.equal(certificate.value, VALID);
  });

  it('is generated again for the next call after one was not generated in time', async () => {
    const { clock, calls } = certificates(new Promise(() => {}), Promise.resolve(VALID));
    calls.of('first');
    await clock.advance(GENERATION_LIMIT_MS);
    const next = calls.of('next');
    await clock.settle();
    assert.equal(next.value, VALID);
  });
});
