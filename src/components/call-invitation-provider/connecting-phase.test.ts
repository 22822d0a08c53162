import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { FakeService, member, ongoing, user } from '../../../test/support/fake-service.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { ConnectingPhase } from './connecting-phase.js';

customElements.define('connecting-host', class extends LitElement {});

const self = member(user('ann'), 'accepted', { self: true });
const ben = (more: Partial<Member> = {}): Member => member(user('ben'), 'accepted', more);
const cas = (more: Partial<Member> = {}): Member => member(user('cas'), 'accepted', more);

const callOf = (members: readonly Member[], more: Partial<CallSnapshot> = {}): CallSnapshot =>
  ({
    callID: 'call-1',
    status: 'connecting',
    callType: 'video',
    ...ongoing({ members: [self, ...members], ...more }),
    ...more,
  }) as CallSnapshot;

/** A picture of which no packet has arrived yet. */
function mutedPicture(): { picture: MediaStream; arrive: () => void } {
  const connection = new RTCPeerConnection();
  const { receiver } = connection.addTransceiver('video');
  connection.close();
  let muted = true;
  Object.defineProperty(receiver.track, 'muted', { get: () => muted });
  const arrive = (): void => {
    muted = false;
    receiver.track.dispatchEvent(new Event('unmute'));
  };
  return { picture: new MediaStream([receiver.track]), arrive };
}

describe('the phase in which an accepted call connects', () => {
  function setUp() {
    const clock = createFakeClock();
    const host = document.createElement('connecting-host') as LitElement;
    document.body.append(host);
    let updates = 0;
    host.requestUpdate = () => {
      updates++;
    };
    const service = new FakeService();
    const phase = new ConnectingPhase(host, clock);
    phase.attach(service);
    return { clock, host, service, phase, updates: () => updates };
  }

  it('lasts until the links to all members who have accepted are up', () => {
    const { phase } = setUp();
    const waiting = member(user('dan'), 'ringing');
    expect(phase.lasts(callOf([ben(), cas(), waiting]))).to.equal(true);
    expect(phase.lasts(callOf([ben({ connection: 'good' }), cas(), waiting]))).to.equal(true);
    const up = [ben({ connection: 'good' }), cas({ connection: 'poor' }), waiting];
    expect(phase.lasts(callOf(up, { status: 'active' }))).to.equal(false);
  });

  it('waits for the first packet of a picture that is sent', () => {
    const { phase, service, updates } = setUp();
    const { picture, arrive } = mutedPicture();
    service.$remoteMedia.set(new Map([['ben', { stream: picture, picture, screen: undefined }]]));
    const call = callOf([ben({ connection: 'good', camera: true })]);
    expect(phase.lasts(call)).to.equal(true);
    const before = updates();
    arrive();
    expect(updates()).to.equal(before + 1);
    expect(phase.lasts(call)).to.equal(false);
    arrive();
    expect(updates()).to.equal(before + 1);
  });

  it('does not wait for the picture of a camera that is off, nor in a voice call', () => {
    const { phase, service } = setUp();
    const { picture } = mutedPicture();
    service.$remoteMedia.set(new Map([['ben', { stream: picture, picture, screen: undefined }]]));
    const [off, on] = [false, true].map((camera) => ben({ connection: 'good', camera }));
    expect(phase.lasts(callOf([off!]))).to.equal(false);
    expect(phase.lasts(callOf([on!], { callType: 'voice' }))).to.equal(false);
  });

  it('lasts 1.5 s at most, once for each call', async () => {
    const { phase, clock, updates } = setUp();
    const call = callOf([ben()]);
    expect(phase.lasts(call)).to.equal(true);
    const before = updates();
    await clock.advance(1_499);
    expect(phase.lasts(call)).to.equal(true);
    await clock.advance(1);
    expect(updates()).to.equal(before + 1);
    expect(phase.lasts(call)).to.equal(false);
    expect(clock.timers).to.equal(0);
    expect(phase.lasts({ ...call, callID: 'call-2' })).to.equal(true);
  });

  it('ends with the call, and leaves no timer behind', () => {
    const { phase, clock } = setUp();
    phase.lasts(callOf([ben()]));
    expect(phase.lasts(callOf([ben()], { status: 'ended' }))).to.equal(false);
    expect(clock.timers).to.equal(0);
    phase.lasts(callOf([ben()]));
    phase.end();
    expect(clock.timers).to.equal(0);
    expect(phase.lasts(undefined)).to.equal(false);
  });
});
