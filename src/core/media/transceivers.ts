import { chooseCodecs } from './codecs.js';
import { SOURCES, type Source } from './sources.js';

const kindOf = (source: Source): 'audio' | 'video' => (source === 'microphone' ? 'audio' : 'video');

export type Transceivers = readonly (readonly [Source, RTCRtpTransceiver])[];

/** Adds a transceiver for each source to the connection of the side that offers. */
export function addTransceivers(
  connection: RTCPeerConnection,
  streamsOf: (source: Source) => MediaStream[],
): Transceivers {
  return SOURCES.map((source) => {
    const transceiver = connection.addTransceiver(kindOf(source), {
      direction: 'sendrecv',
      streams: streamsOf(source),
    });
    chooseCodecs(source, transceiver);
    return [source, transceiver];
  });
}

/** Makes the transceivers that a remote offer has created send: for each source, the next one of its kind. */
export function answerTransceivers(
  connection: RTCPeerConnection,
  streamsOf: (source: Source) => MediaStream[],
): Transceivers {
  const left = connection.getTransceivers();
  return SOURCES.flatMap((source) => {
    const at = left.findIndex(({ receiver }) => receiver.track.kind === kindOf(source));
    const [transceiver] = at < 0 ? [] : left.splice(at, 1);
    if (!transceiver) return [];
    transceiver.direction = 'sendrecv';
    // Lets the other browser synchronize audio and video. Older browsers lack it.
    if ('setStreams' in transceiver.sender) transceiver.sender.setStreams(...streamsOf(source));
    return [[source, transceiver] as const];
  });
}
