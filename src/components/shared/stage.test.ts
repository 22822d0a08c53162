import { expect } from '@open-wc/testing';
import {
  NO_CALL,
  incoming,
  member,
  ongoing,
  outgoing,
  user,
} from '../../../test/support/fake-service.js';
import type { CallStatus, EndReason } from '../../core/protocol/vocabulary.js';
import type { CallSnapshot } from '../../core/service/types.js';
import { stageOf } from './stage.js';

const snapshot = (call: Partial<CallSnapshot>): CallSnapshot => ({ ...NO_CALL, ...call });
const ended = (call: Partial<CallSnapshot>, endReason: EndReason) =>
  stageOf(snapshot({ ...call, status: 'ended', endReason }));

describe('the stage of a call', () => {
  const stages: [CallStatus, string | undefined][] = [
    ['idle', undefined],
    ['incoming', 'incoming'],
    ['calling', 'outgoing'],
    ['ringing-out', 'outgoing'],
    ['connecting', 'ongoing'],
    ['active', 'ongoing'],
    ['reconnecting', 'ongoing'],
  ];
  for (const [status, stage] of stages) {
    it(`follows its status: ${status}`, () => {
      expect(stageOf(snapshot({ status }))).to.equal(stage);
    });
  }

  it('is the one that it has ended in, while the end is shown', () => {
    expect(ended(incoming(), 'canceled')).to.equal('incoming');
    expect(ended(incoming(), 'timeout')).to.equal('incoming');
    expect(ended(outgoing(), 'declined')).to.equal('outgoing');
    expect(ended(outgoing(), 'timeout')).to.equal('outgoing');
    expect(ended(ongoing(), 'hung-up')).to.equal('ongoing');
  });

  it('is the running call for one that ended while it was connecting', () => {
    const ben = user('ben');
    const accepted = [member(ben, 'accepted'), member(user('ann'), 'left', { self: true })];
    expect(ended(incoming({ members: accepted }), 'media-failed')).to.equal('ongoing');
    expect(ended(outgoing('accepted'), 'media-failed')).to.equal('ongoing');
  });

  it('is none where this user has just chosen the end', () => {
    expect(ended(incoming(), 'declined')).to.equal(undefined);
    expect(ended(outgoing(), 'canceled')).to.equal(undefined);
    expect(stageOf(undefined)).to.equal(undefined);
  });
});
