import type { Source } from './sources.js';

/**
 * What is offered: the codecs that every browser must have (RFC 7742 and RFC 7874: Opus, VP8, H.264 constrained
 * baseline), and what repairs losses. Browsers offer some twenty more, profile by profile, and take the first two
 * anyway; without them descriptions are a third as long, and agreed on some 10 ms sooner.
 */
const OFFERED: Readonly<Record<Source, RegExp>> = {
  microphone: /^audio\/opus/i,
  camera: /^video\/(VP8|H264.*packetization-mode=1;.*42e01f|rtx|red|ulpfec)/i,
  screen: /^video\/(VP8|rtx)/i,
};

/** Before the offer, where the browser lets a page choose (W3C webrtc, setCodecPreferences). */
export function chooseCodecs(source: Source, transceiver: RTCRtpTransceiver): void {
  if (!('setCodecPreferences' in transceiver)) return;
  const kind = source === 'microphone' ? 'audio' : 'video';
  const known = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  // An empty list means: as the browser likes.
  transceiver.setCodecPreferences(
    known.filter(({ mimeType, sdpFmtpLine }) =>
      OFFERED[source].test(`${mimeType} ${sdpFmtpLine ?? ''}`),
    ),
  );
}
