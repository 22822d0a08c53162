/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { linkTo, MediaPeer, settle, until, Wire } from '../../../test/support/call-media.js';
import { expectReleased, VIDEO } from '../../../test/support/media-pair.js';
import { PendingReports } from './pending-reports.js';

const never = (): Promise<never> => new Promise(() => {});

/** Like a connection of Firefox that is closed while its statistics are read: they never come. */
class UnsettledConnection extends RTCPeerConnection {
  isClosing = false;

  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    opened.push(this);
  }

  override getStats(): Promise<RTCStatsReport> {
    return this.isClosing ? never() : super.getStats();
  }
}
const opened: UnsettledConnection[] = [];

describe('statistics that are being read', () => {
  it('are those of the connection', async () => {
    const report = new Map() as unknown as RTCStatsReport;
    const reports = new PendingReports();
    expect(await reports.read(() => Promise.resolve(report))).to.equal(report);
    expect(await reports.read(() => Promise.reject(new Error('closed')))).to.equal(undefined);
    expect(await reports.read(() => undefined)).to.equal(undefined);
  });

  it('are undefined as soon as the connection is closed, and are not requested after that', async () => {
    const reports = new PendingReports();
    const reading = [reports.read(never), reports.read(never)];
    reports.close();
    expect(await Promise.all(reading)).to.deep.equal([undefined, undefined]);
    let requests = 0;
    const request = (): Promise<never> => {
      requests++;
      return never();
    };
    expect(await reports.read(request)).to.equal(undefined);
    expect(requests).to.equal(0);
  });

  it('do not stop the readings of the other links when a member leaves meanwhile', async () => {
    opened.length = 0;
    const [alice, carol] = [new MediaPeer('alice'), new MediaPeer('carol')];
    const bob = new MediaPeer('bob', { RTCPeerConnection: () => UnsettledConnection });
    const wire = new Wire(alice, bob, carol);
    for (const peer of [alice, bob, carol]) peer.media.open('call', VIDEO);
    wire.link(bob, alice);
    wire.link(bob, carol);
    await until('two links', () => bob.eventsOf('link-up').length === 2);
    await until('the next reading', () => bob.reads);
    const [, toCarol] = opened;

    toCarol!.isClosing = true;
    bob.readStatistics();
    const quality = bob.media.quality('carol');
    await settle();
    expect(bob.reads).to.equal(false);
    bob.media.closeLink(linkTo('carol', 1));

    await until('the next reading', () => bob.reads);
    expect(await quality).to.equal(undefined);
    expect(await bob.media.quality('alice')).to.be.within(1, 3);
    await expectReleased(alice, bob, carol);
  });
});
