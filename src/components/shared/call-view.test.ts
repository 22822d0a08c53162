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
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { callViewOf } from './call-view.js';

const snapshot = (call: Partial<CallSnapshot>): CallSnapshot => ({ ...NO_CALL, ...call });
const ended = (call: Partial<CallSnapshot>, endReason: EndReason) =>
  callViewOf(snapshot({ ...call, status: 'ended', endReason }));

describe('callViewOf', () => {
  const views: [CallStatus, string | undefined][] = [
    ['idle', undefined],
    ['incoming', 'incoming'],
    ['calling', 'outgoing'],
    ['ringing-out', 'outgoing'],
    ['connecting', 'ongoing'],
    ['active', 'ongoing'],
    ['reconnecting', 'ongoing'],
  ];
  for (const [status, view] of views) {
    it(`follows the status: ${status}`, () => {
      expect(callViewOf(snapshot({ status }))).to.equal(view);
    });
  }

  it('returns the last view while the end of the call is shown', () => {
    expect(ended(incoming(), 'canceled')).to.equal('incoming');
    expect(ended(incoming(), 'timeout')).to.equal('incoming');
    expect(ended(outgoing(), 'declined')).to.equal('outgoing');
    expect(ended(outgoing(), 'timeout')).to.equal('outgoing');
    expect(ended(ongoing(), 'hung-up')).to.equal('ongoing');
  });

  it('returns the ongoing view for a call that ended while connecting', () => {
    const ben = user('ben');
    const accepted = [member(ben, 'accepted'), member(user('ann'), 'left', { self: true })];
    expect(ended(incoming({ members: accepted }), 'media-failed')).to.equal('ongoing');
    expect(ended(outgoing('accepted'), 'media-failed')).to.equal('ongoing');
  });

  it('returns undefined if only this user ended the invitation', () => {
    expect(ended(incoming(), 'declined')).to.equal(undefined);
    expect(ended(outgoing(), 'canceled')).to.equal(undefined);
    expect(callViewOf(undefined)).to.equal(undefined);
  });
});
