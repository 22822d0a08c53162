import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { LinkNegotiation, REQUEST_INTERVAL_MS } from './link-negotiation.js';

/** The side of a link that makes the offers, with a connection that is stable. */
function offerer() {
  const connection = {
    signalingState: 'stable' as RTCSignalingState,
    getConfiguration: () => ({}),
    setConfiguration: () => {},
    setLocalDescription: () => Promise.resolve(),
  };
  const clock = createFakeClock();
  let offers = 0;
  const negotiation: LinkNegotiation = new LinkNegotiation({
    isOfferer: true,
    connection: () => connection as unknown as RTCPeerConnection,
    configuration: () => ({}),
    offer() {
      offers += 1;
    },
    onRequest: () => negotiation.restart(),
    clock,
    logger: undefined,
  });
  return {
    negotiation,
    clock,
    offers: () => offers,
    /** The browser has created the offer, it is sent, and its answer arrives. */
    answer() {
      connection.signalingState = 'have-local-offer';
      const offer = negotiation.sent('offer');
      assert.ok(negotiation.takesDescription({ type: 'answer', ...offer }, ''));
      connection.signalingState = 'stable';
    },
  };
}

describe('a restart that the other side asks for', () => {
  it('is offered at once', () => {
    const { negotiation, offers } = offerer();
    negotiation.request();
    assert.equal(offers(), 1);
  });

  it('is the new offer that is outstanding, if it is answered within a second', async () => {
    const { negotiation, clock, offers, answer } = offerer();
    negotiation.restart();
    for (let times = 0; times < 100; times++) negotiation.request();
    answer();
    await clock.advance(10 * REQUEST_INTERVAL_MS);
    assert.equal(offers(), 1);
  });

  it('is offered again after a second without an answer: the offer was lost', async () => {
    const { negotiation, clock, offers } = offerer();
    negotiation.restart();
    for (let times = 0; times < 100; times++) negotiation.request();
    await clock.advance(REQUEST_INTERVAL_MS);
    assert.equal(offers(), 2);
    await clock.advance(10 * REQUEST_INTERVAL_MS);
    assert.equal(offers(), 2);
  });

  it('is offered once a second at most, also if each offer is answered', async () => {
    const { negotiation, clock, offers, answer } = offerer();
    negotiation.request();
    for (let seconds = 1; seconds <= 5; seconds++) {
      assert.equal(offers(), seconds);
      answer();
      for (let times = 0; times < 100; times++) negotiation.request();
      assert.equal(offers(), seconds);
      await clock.advance(REQUEST_INTERVAL_MS);
    }
    assert.equal(offers(), 6, 'the last request is not lost');
    answer();
    await clock.advance(10 * REQUEST_INTERVAL_MS);
    assert.equal(offers(), 6);
    assert.equal(clock.timers, 0);
  });

  it('does not delay a restart of this side, and is not offered after the end of the link', async () => {
    const { negotiation, clock, offers, answer } = offerer();
    negotiation.restart();
    answer();
    negotiation.restart();
    assert.equal(offers(), 2);
    answer();
    negotiation.request();
    negotiation.close();
    await clock.advance(REQUEST_INTERVAL_MS);
    assert.equal(offers(), 2);
    assert.equal(clock.timers, 0);
  });
});
