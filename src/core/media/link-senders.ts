import type { Logger } from '../ports/logger.js';
import type { SendParameters } from './send-parameters.js';
import { SenderParameters } from './sender-parameters.js';
import type { Source, SourceTracks } from './sources.js';

/** What the encoder should keep when bits are short: W3C mst-content-hint. Sound needs no hint. */
const HINTS: Readonly<Record<Source, string>> = {
  microphone: '',
  camera: 'motion',
  screen: 'detail',
};

interface Entry {
  readonly sender: RTCRtpSender;
  readonly parameters: SenderParameters;
  track: MediaStreamTrack | null;
}

/** The senders of one link: their tracks and parameters. */
export class LinkSenders {
  readonly #entries = new Map<Source, Entry>();
  readonly #logger: Logger | undefined;
  #tracks: SourceTracks;
  #wanted: SendParameters | undefined;

  constructor(tracks: SourceTracks, logger: Logger | undefined) {
    this.#tracks = tracks;
    this.#logger = logger;
  }

  add(source: Source, sender: RTCRtpSender): void {
    const parameters = new SenderParameters(sender, this.#logger);
    const entry = { sender, parameters, track: null };
    this.#entries.set(source, entry);
    this.#replace(source, entry);
  }

  /** Sends these tracks from now on. */
  send(tracks: SourceTracks): void {
    this.#tracks = tracks;
    for (const [source, entry] of this.#entries) this.#replace(source, entry);
  }

  /** Sends with these parameters from now on. */
  limit(wanted: SendParameters): void {
    this.#wanted = wanted;
    for (const [source, entry] of this.#entries) this.#parameterise(source, entry);
  }

  /** A sender without a track sends nothing: it gets its parameters with its track. */
  #parameterise(source: Source, { parameters, track }: Entry): void {
    if (track && this.#wanted) parameters.set(this.#wanted[source]);
  }

  #replace(source: Source, entry: Entry): void {
    const track = this.#tracks[source];
    if (entry.track === track) return;
    entry.track = track;
    this.#parameterise(source, entry);
    // Safari has hints only in some versions. A hint of the page's own stays.
    if (track && 'contentHint' in track && !track.contentHint) track.contentHint = HINTS[source];
    entry.sender.replaceTrack(track).catch((error: unknown) => {
      // The link was closed meanwhile, or the browser can't send this track: the call continues without it.
      this.#logger?.debug('track not sent', { source, error: String(error) });
    });
  }
}
