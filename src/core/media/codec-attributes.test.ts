import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutUnlistedCodecs } from './codec-attributes.js';

const lines = (...each: string[]): string => each.map((line) => `${line}\r\n`).join('');

describe('withoutUnlistedCodecs', () => {
  it('removes the attributes of payload types that their media section does not list', () => {
    const unlisted = ['a=rtcp-fb:121 nack pli', 'a=rtcp-fb:99 transport-cc', 'a=fmtp:109 stereo=1'];
    const sdp = [
      'v=0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 109',
      'a=rtpmap:109 opus/48000/2',
      'a=fmtp:109 useinbandfec=1',
      'm=video 0 UDP/TLS/RTP/SAVPF 120 124',
      'a=rtpmap:120 VP8/90000',
      'a=rtcp-fb:120 nack',
      ...unlisted,
      'a=fmtp:124 apt=120',
      'a=rtpmap:124 rtx/90000',
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
      'a=sctp-port:5000',
    ];
    const expected = lines(...sdp.filter((line) => !unlisted.includes(line)));
    assert.equal(withoutUnlistedCodecs(lines(...sdp)), expected);
  });

  it('keeps feedback for all payload types, and other attributes', () => {
    const sdp = lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=rtcp-fb:* nack', 'a=ssrc:99 cname:x');
    assert.equal(withoutUnlistedCodecs(sdp), sdp);
  });
});
