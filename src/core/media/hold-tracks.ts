/** Makes `stream` hold exactly these tracks. @returns whether that changed anything */
export function holdTracks(
  stream: MediaStream | undefined,
  tracks: readonly (MediaStreamTrack | null | undefined)[],
): boolean {
  let changed = false;
  for (const track of stream?.getTracks() ?? []) {
    if (tracks.includes(track)) continue;
    stream?.removeTrack(track);
    changed = true;
  }
  for (const track of tracks) {
    if (!stream || !track || stream.getTrackById(track.id) === track) continue;
    stream.addTrack(track);
    changed = true;
  }
  return changed;
}

/** @returns an empty stream; undefined in a browser that was built without WebRTC */
export function emptyStream(): MediaStream | undefined {
  return 'MediaStream' in globalThis ? new MediaStream() : undefined;
}
