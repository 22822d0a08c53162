/**
 * Removes the attributes of codecs that a media section does not list. Firefox leaves `a=rtcp-fb` lines of codecs that
 * `setCodecPreferences` has removed, and Chromium rejects such a description as invalid: an attribute of a payload type
 * needs its `a=rtpmap` line (RFC 8866, 6.6).
 *
 * @param sdp a session description
 */
export function withoutUnlistedCodecs(sdp: string): string {
  let listed: ReadonlySet<string> | undefined;
  const lines = sdp.split('\r\n').filter((line) => {
    const media = /^m=(\S+) \S+ \S+ (.*)$/.exec(line);
    if (media) {
      const [, kind, formats = ''] = media;
      listed = kind === 'audio' || kind === 'video' ? new Set(formats.split(' ')) : undefined;
    }
    const payloadType = /^a=(?:rtpmap|rtcp-fb|fmtp):(\d+) /.exec(line)?.[1];
    return payloadType === undefined || !listed || listed.has(payloadType);
  });
  return lines.join('\r\n');
}
