import type { Source } from './sources.js';

/**
 * The codecs that are offered: those that every browser must support (RFC 7742 and RFC 7874: Opus, VP8, H.264
 * constrained baseline), and those that repair losses. Browsers offer about twenty more codec profiles, but select the
 * first ones anyway; without them descriptions are a third as long, and negotiation takes some 10 ms less.
 */
const OFFERED: Readonly<Record<Source, RegExp>> = {
  microphone: /^audio\/opus/i,
  camera: /^video\/(VP8|H264.*packetization-mode=1;.*42e01f|rtx|red|ulpfec)/i,
  screen: /^video\/(VP8|rtx)/i,
};

type Codec = RTCRtpCapabilities['codecs'][number];

/** The codecs of each source. A browser's capabilities do not change, and reading them takes a millisecond. */
const chosen = new Map<Source, readonly Codec[]>();

function choose(source: Source): readonly Codec[] {
  const kind = source === 'microphone' ? 'audio' : 'video';
  const known = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  return known.filter(({ mimeType, sdpFmtpLine }) =>
    OFFERED[source].test(`${mimeType} ${sdpFmtpLine ?? ''}`),
  );
}

/** To be called before the offer is made. Does nothing in browsers without `setCodecPreferences` (W3C WebRTC). */
export function chooseCodecs(source: Source, transceiver: RTCRtpTransceiver): void {
  if (!('setCodecPreferences' in transceiver)) return;
  const codecs = chosen.get(source) ?? choose(source);
  chosen.set(source, codecs);
  // An empty list means the browser's default.
  transceiver.setCodecPreferences([...codecs]);
}
