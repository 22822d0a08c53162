/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import type { MediaEvent } from '../ports/media.js';
import { isOtherNetwork, LinkReports, reportOf } from './link-reports.js';
import type { LinkStatistics } from './link-statistics.js';

const FINE: LinkStatistics = {
  roundTripMs: 40,
  lossOut: 0,
  lossIn: 0,
  availableOutgoingKbps: undefined,
  limitation: 'none',
  encodeLoad: 0.1,
  route: 'a b',
  network: { type: 'wifi', address: '10.0.0.2' },
  capturedLines: new Map(),
  audio: { sent: undefined, received: undefined },
};

describe('reportOf', () => {
  it('rates the link, and tells the direction that loses clearly more', () => {
    const loses = (lossOut: number, lossIn: number) =>
      reportOf({ ...FINE, lossOut, lossIn }, undefined);
    expect(loses(0, 0)).to.deep.equal({ quality: 3, loses: undefined, told: undefined });
    expect(loses(0.2, 0)).to.include({ quality: 1, loses: 'sent' });
    expect(loses(0, 0.2)).to.include({ quality: 1, loses: 'received' });
    expect(loses(0.2, 0.15)).to.include({ quality: 1, loses: undefined });
    expect(loses(0.02, 0)).to.include({ quality: 3, loses: undefined });
    expect(reportOf({ ...FINE, roundTripMs: undefined }, 'poor')).to.include({
      quality: undefined,
      told: 'poor',
    });
  });
});

describe('isOtherNetwork', () => {
  it('compares what the browser tells', () => {
    const wifi = { type: 'wifi', address: '10.0.0.2' };
    expect(isOtherNetwork(wifi, { ...wifi })).to.equal(false);
    expect(isOtherNetwork(wifi, { type: 'cellular', address: undefined })).to.equal(true);
    expect(isOtherNetwork(wifi, { type: undefined, address: '10.0.0.3' })).to.equal(true);
    expect(isOtherNetwork(wifi, { type: undefined, address: undefined })).to.equal(false);
  });
});

describe('LinkReports', () => {
  let now = 0;
  let events: MediaEvent[] = [];
  let reports: LinkReports;
  const read = (statistics: Partial<LinkStatistics> = {}): void =>
    reports.read([
      { key: 'bob 1', user: 'bob', statistics: { ...FINE, ...statistics }, told: undefined },
    ]);
  const moves = (): number => events.filter(({ type }) => type === 'route-changed').length;
  const OTHER = { network: { type: 'cellular', address: undefined } };

  beforeEach(() => {
    now = 0;
    events = [];
    reports = new LinkReports({ now: () => now }, (event) => events.push(event));
  });

  it('emits a report when it changes, and again after the link has changed its state', () => {
    read();
    read();
    expect(events).to.have.length(1);
    read({ lossIn: 0.5 });
    expect(events).to.have.length(2);
    reports.forget('bob 1', 'bob');
    read({ lossIn: 0.5 });
    expect(events).to.have.length(3);
  });

  it('emits that the route goes over another network', () => {
    read();
    now = 5_000;
    read();
    now = 6_000;
    read(OTHER);
    expect(moves()).to.equal(1);
    read(OTHER);
    expect(moves()).to.equal(1);
  });

  it('ignores routes while ICE still tries others, and those that a restart finds', () => {
    read();
    now = 4_999;
    read(OTHER);
    now = 5_000;
    read();
    now = 60_000;
    reports.forget('bob 1', 'bob');
    read(OTHER);
    now = 70_000;
    read(OTHER);
    expect(moves()).to.equal(0);
  });
});
