/**
 * Makes the statistics of all connections of a page say that its network and its processor have room. On a machine that
 * is short of time, packets and frames wait, and the policy rightly sends smaller pictures. The script is inserted as
 * text, so it must not refer to anything outside of it.
 */
export function pretendPerfectNetwork(): void {
  const improved: Record<string, object> = {
    'candidate-pair': { currentRoundTripTime: 0.02, availableOutgoingBitrate: 10_000_000 },
    'remote-inbound-rtp': { roundTripTime: 0.02, fractionLost: 0 },
    'outbound-rtp': { qualityLimitationReason: 'none', totalEncodeTime: 0 },
  };
  const prototype = RTCPeerConnection.prototype;
  const { getStats } = prototype;
  prototype.getStats = async function (this: RTCPeerConnection): Promise<RTCStatsReport> {
    const report = await getStats.call(this);
    const entries: [string, object][] = [];
    report.forEach((entry: { type: string }, id) => {
      entries.push([id, { ...entry, ...improved[entry.type] }]);
    });
    return new Map(entries);
  };
}
