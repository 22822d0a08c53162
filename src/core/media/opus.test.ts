/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { preferClearSpeech } from './opus.js';

describe('Opus parameters', () => {
  const map = 'm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=rtpmap:111 opus/48000/2\r\n';

  it('are added to those that are there, once', () => {
    const sdp = `${map}a=fmtp:111 minptime=10;useinbandfec=0\r\na=rtpmap:0 PCMU/8000\r\n`;
    const preferred = preferClearSpeech(sdp);
    expect(preferred).to.include('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n');
    expect(preferClearSpeech(preferred)).to.equal(preferred);
  });

  it('get a line of their own if there is none', () => {
    expect(preferClearSpeech(map)).to.equal(`${map}a=fmtp:111 useinbandfec=1;usedtx=1\r\n`);
  });

  it('leave other descriptions as they are', () => {
    const sdp =
      'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=fmtp:96 x=1\r\n';
    expect(preferClearSpeech(sdp)).to.equal(sdp);
  });
});
