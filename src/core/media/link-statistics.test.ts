import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinkStatisticsReader } from './link-statistics.js';

const report = (...entries: { id: string }[]): RTCStatsReport =>
  new Map(entries.map((entry) => [entry.id, entry]));

/** What is known of a stream that this side sends. */
const stream = (
  id: string,
  kind: 'audio' | 'video',
  sent: { packetsSent: number; framesEncoded?: number },
  fractionLost: number,
): { id: string }[] => [
  { id, type: 'outbound-rtp', kind, ...sent } as { id: string },
  { id: `${id} remote`, type: 'remote-inbound-rtp', localId: id, fractionLost } as { id: string },
];

describe('the pair of addresses in use', () => {
  const pair = (id: string, more: object = {}) => ({
    id,
    ...{ type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.1 },
    ...more,
  });
  const roundTripOf = (...entries: { id: string }[]): number | undefined =>
    new LinkStatisticsReader().read(report(...entries)).roundTripMs;

  it('is the selected one, also during a check of it', () => {
    const inProgress = pair('b', { state: 'in-progress', currentRoundTripTime: 0.8 });
    const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'b' };
    assert.equal(roundTripOf(pair('a'), inProgress, transport), 800);
    assert.equal(roundTripOf(inProgress), 800, 'without statistics of the transport');
  });

  it('is none while no pair works', () => {
    assert.equal(roundTripOf(pair('a', { state: 'failed' })), undefined);
    assert.equal(roundTripOf(pair('a', { nominated: false })), undefined);
  });
});

describe('the loss of what is sent', () => {
  it('is that of all streams, by their packets of sound and frames of pictures', () => {
    const reader = new LinkStatisticsReader();
    const sound = stream('sound', 'audio', { packetsSent: 50 }, 0.04);
    // 400 packets, most of them padding, and a report that covers two or three of them.
    const picture = stream('picture', 'video', { packetsSent: 400, framesEncoded: 10 }, 0.5);
    const { lossOut } = reader.read(report(...sound, ...picture));
    assert.equal(lossOut, (50 * 0.04 + 10 * 0.5) / 60);
  });

  it('counts what was sent since the previous reading', () => {
    const reader = new LinkStatisticsReader();
    const read = (packets: number, frames: number): number | undefined =>
      reader.read(
        report(
          ...stream('sound', 'audio', { packetsSent: packets }, 0.1),
          ...stream('picture', 'video', { packetsSent: 0, framesEncoded: frames }, 0.3),
        ),
      ).lossOut;
    read(1_000, 10);
    assert.equal(read(1_030, 40), 0.2);
    assert.equal(read(1_030, 40), undefined, 'nothing was sent');
  });
});
