type Kind = 'audio' | 'video';

const parts: Readonly<Record<Kind, WeakMap<MediaStream, MediaStream>>> = {
  audio: new WeakMap(),
  video: new WeakMap(),
};

/**
 * A stream with only the tracks of one kind of another stream. It stays the same for the life of that stream. A media element should
 * have nothing else: browsers also play the sound of a muted video element, and draw the pictures of an audio element.
 *
 * To be called again when the tracks of the stream may have changed: the part then gets the new ones.
 */
export function streamPart(stream: MediaStream, kind: Kind): MediaStream {
  const part = parts[kind].get(stream) ?? new MediaStream();
  parts[kind].set(stream, part);
  const tracks = stream.getTracks().filter((track) => track.kind === kind);
  for (const track of part.getTracks()) if (!tracks.includes(track)) part.removeTrack(track);
  for (const track of tracks) part.addTrack(track);
  return part;
}
