/** Parameters of Opus (RFC 7587) that this side asks for: error correction, and silence that is hardly sent. */
const WANTED = { useinbandfec: '1', usedtx: '1' } as const;

/**
 * Asks the sender of this description's receiver for Opus with in-band error correction and discontinuous transmission.
 * Other codecs and parameters stay as they are.
 */
export function preferClearSpeech(sdp: string): string {
  const payloads = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\//gim)].map(([, payload]) => payload);
  return payloads.reduce<string>((text, payload) => {
    const line = new RegExp(`^(a=fmtp:${payload} )([^\\r\\n]*)`, 'm');
    if (line.test(text)) {
      return text.replace(line, (_, start: string, list: string) => start + extended(list));
    }
    const map = new RegExp(`^a=rtpmap:${payload} [^\\r\\n]*`, 'm');
    return text.replace(map, (found) => `${found}\r\na=fmtp:${payload} ${extended('')}`);
  }, sdp);
}

function extended(list: string): string {
  const parameters = list.split(';').map((each) => each.trim().split('=', 2));
  const known = parameters.filter((pair): pair is [string, string] => pair.length === 2);
  const all = { ...Object.fromEntries(known), ...WANTED };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
}
