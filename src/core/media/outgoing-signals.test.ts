import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { BURST_WAIT_MS, CANDIDATE_WAIT_MS, OutgoingSignals } from './outgoing-signals.js';

const SDP = 'v=0\r\nm=audio 9 X 111\r\na=mid:0\r\nm=video 9 X 96\r\na=mid:1\r\n';
const candidate = (text: string, sdpMLineIndex: number | null = 0) => ({
  type: 'candidate',
  candidate: { candidate: text, sdpMLineIndex, sdpMid: '0' },
});
const media = { microphone: true, camera: false, screen: false };
const HOST = 'candidate:1 1 udp 2 192.0.2.1 5000 typ host';
const OTHER = 'candidate:2 1 udp 1 192.0.2.2 5001 typ host';

describe('OutgoingSignals', () => {
  let sent: Record<string, unknown>[];
  let timers: { readonly ms: number; readonly run: () => void }[];
  let signals: OutgoingSignals;
  let areTimersSlow: boolean;
  /** Runs the only timer. @returns its duration */
  const pass = (): number => {
    const [timer, ...others] = timers.splice(0);
    assert.ok(timer && others.length === 0);
    timer.run();
    return timer.ms;
  };

  beforeEach(() => {
    sent = [];
    timers = [];
    areTimersSlow = false;
    signals = new OutgoingSignals({
      areTimersSlow: () => areTimersSlow,
      flags: () => media,
      send: (signal) => sent.push(signal),
      clock: {
        after(ms, run) {
          const timer = { ms, run };
          timers.push(timer);
          return () => void (timers = timers.filter((other) => other !== timer));
        },
      },
    });
  });

  it('puts the first candidates into the media section of the description', () => {
    signals.add({ type: 'offer', sdp: SDP });
    signals.add(candidate(HOST));
    signals.add(candidate(OTHER, 1));
    assert.deepEqual(sent, []);
    assert.equal(pass(), BURST_WAIT_MS);
    const [audio, video] = [`a=mid:0\r\na=${HOST}\r\n`, `a=mid:1\r\na=${OTHER}\r\n`];
    const sdp = SDP.replace('a=mid:0\r\n', audio).replace('a=mid:1\r\n', video);
    assert.deepEqual(sent, [{ type: 'offer', sdp, media }]);
    assert.deepEqual(timers, []);
  });

  it('sends a description without candidates after a while, and later candidates at once', () => {
    signals.add({ type: 'answer', sdp: SDP });
    assert.equal(pass(), CANDIDATE_WAIT_MS);
    signals.add(candidate(HOST));
    assert.deepEqual(sent, [{ type: 'answer', sdp: SDP, media }, candidate(HOST)]);
  });

  it('waits for nothing while timers are slow', () => {
    areTimersSlow = true;
    signals.add({ type: 'offer', sdp: SDP });
    signals.add(candidate(HOST));
    assert.deepEqual(sent, [{ type: 'offer', sdp: SDP, media }, candidate(HOST)]);
    assert.deepEqual(timers, []);
  });

  it('sends a candidate that fits no section after the description', () => {
    signals.add({ type: 'offer', sdp: SDP });
    const unfit = [candidate(HOST, 7), candidate(HOST, null), candidate('')];
    for (const signal of unfit) signals.add(signal);
    pass();
    assert.deepEqual(sent, [{ type: 'offer', sdp: SDP, media }, ...unfit]);
  });

  it('sends a description before the next one', () => {
    signals.add({ type: 'offer', sdp: SDP });
    signals.add({ type: 'offer', sdp: 'v=0\r\n' });
    assert.deepEqual(sent, [{ type: 'offer', sdp: SDP, media }]);
    pass();
    assert.equal(sent.length, 2);
  });

  it('keeps back active TCP candidates, and no passive ones', () => {
    signals.add(candidate(`${HOST} tcptype active generation 0`));
    assert.deepEqual(sent, []);
    signals.add(candidate(`${HOST} tcptype passive`));
    assert.equal(sent.length, 1);
  });

  it('sends nothing after its end', () => {
    signals.add({ type: 'offer', sdp: SDP });
    signals.close();
    assert.deepEqual([sent, timers], [[], []]);
  });
});
