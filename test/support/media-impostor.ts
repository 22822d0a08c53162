import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const CONNECTION = 'c=IN IP4 0.0.0.0';
const RTP = [CONNECTION, 'a=sendrecv', 'a=rtcp-mux'];
const AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', ...RTP, 'a=rtpmap:111 opus/48000/2'];
const VIDEO = ['m=video 9 UDP/TLS/RTP/SAVPF 96', ...RTP, 'a=rtpmap:96 VP8/90000'];
const DATA = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', CONNECTION, 'a=sctp-port:5000'];
/** Audio, two video sections and a data channel, in the order that links of the library use. */
const SECTIONS = [AUDIO, VIDEO, VIDEO, DATA];
const SESSION = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'],
  ...['a=ice-lite', `a=group:BUNDLE ${[...SECTIONS.keys()].join(' ')}`],
];
const KEYS = [
  'a=ice-ufrag:liar',
  'a=ice-pwd:a-password-of-the-liar-01',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
];

/**
 * A UDP port that poses as the media of a device: its session descriptions (RFC 8829) are those of an ICE-lite agent
 * (RFC 8445), so that a browser that accepts them sends packets to the port immediately.
 */
export class MediaImpostor {
  readonly #socket: Socket;
  /** Number of received packets: STUN, DTLS or RTP. */
  packets = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', () => (this.packets += 1));
  }

  static async open(): Promise<MediaImpostor> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new MediaImpostor(socket);
  }

  /** The data of a signal. The answer matches every offer of a link of the library. */
  describe(type: 'offer' | 'answer'): Record<string, unknown> {
    const lines = SECTIONS.flatMap((section, mid) => [
      ...section,
      `a=mid:${mid}`,
      ...KEYS,
      `a=setup:${type === 'offer' ? 'actpass' : 'passive'}`,
      `a=candidate:1 1 udp 2130706431 127.0.0.1 ${this.#socket.address().port} typ host`,
      'a=end-of-candidates',
    ]);
    return { type, sdp: [...SESSION, ...lines, ''].join('\r\n') };
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
