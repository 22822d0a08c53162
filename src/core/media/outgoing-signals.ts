import type { Clock } from '../ports/clock.js';
import { withoutUnlistedCodecs } from './codec-attributes.js';
import { preferClearSpeech } from './opus.js';
import type { SourceFlags } from './sources.js';

/** How long a description waits for its first candidate, and then for the others of the same burst, in ms. */
export const CANDIDATE_WAIT_MS = 10;
export const BURST_WAIT_MS = 3;

type Signal = Readonly<Record<string, unknown>>;

const isPageHidden = (): boolean => document.visibilityState === 'hidden';

interface Held {
  readonly description: Signal & { readonly sdp: string };
  readonly candidates: Signal[];
}

export interface OutgoingSignalsOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Whether the browser delays timers, as in hidden pages by up to a second. Then nothing waits. Default: asks the page. */
  readonly areTimersSlow?: () => boolean;
  /** The sources that send at present. They are sent with each description. */
  readonly flags: () => SourceFlags;
  readonly send: (signal: Record<string, unknown>) => void;
}

/**
 * What one side of a link sends to the other one by signalling. A browser reports a candidate for each of its network
 * addresses within milliseconds after a description. They are put into the description, which waits for them: each
 * message costs both pages, both browser processes and the server about as much as a whole description.
 */
export class OutgoingSignals {
  readonly #options: OutgoingSignalsOptions;
  #held: Held | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(options: OutgoingSignalsOptions) {
    this.#options = options;
  }

  /** Sends a description, a candidate, or anything else, in the order of the calls. */
  add(signal: Signal): void {
    const { sdp } = signal;
    if (typeof sdp === 'string') {
      this.#flush();
      const description = { ...signal, sdp: preferClearSpeech(withoutUnlistedCodecs(sdp)) };
      this.#held = { description, candidates: [] };
      const { areTimersSlow = isPageHidden } = this.#options;
      if (areTimersSlow()) return this.#flush();
      this.#wait(CANDIDATE_WAIT_MS);
    } else if (isActiveTcp(signal)) {
      return;
    } else if (this.#held) {
      this.#held.candidates.push(signal);
      if (this.#held.candidates.length === 1) this.#wait(BURST_WAIT_MS);
    } else this.#options.send({ ...signal });
  }

  /** Drops what waits. */
  close(): void {
    this.#stopTimer?.();
    this.#held = undefined;
  }

  #wait(ms: number): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#options.clock.after(ms, () => this.#flush());
  }

  #flush(): void {
    const held = this.#held;
    this.close();
    if (!held) return;
    let { sdp } = held.description;
    const left = held.candidates.filter((signal) => {
      const extended = withCandidate(sdp, signal);
      sdp = extended ?? sdp;
      return extended === undefined;
    });
    const description = { ...held.description, sdp, media: this.#options.flags() };
    for (const signal of [description, ...left]) this.#options.send({ ...signal });
  }
}

function candidateOf(signal: Signal): RTCIceCandidateInit {
  return signal['candidate'] ?? {};
}

/**
 * Whether this is a TCP candidate from which this side would connect. The other side needs it for nothing: it does not
 * connect to it, and learns it from the connection (RFC 6544, 5.1 and 6.2). Browsers have one for each network address.
 */
function isActiveTcp(signal: Signal): boolean {
  return / tcptype active\b/.test(candidateOf(signal).candidate ?? '');
}

/** @returns the description with the candidate in its media section; undefined if it has no such section */
function withCandidate(sdp: string, signal: Signal): string | undefined {
  const { candidate, sdpMLineIndex } = candidateOf(signal);
  const sections = sdp.split(/^(?=m=)/m);
  const at = (sdpMLineIndex ?? NaN) + 1;
  const section = sections[at];
  // Firefox reports the end of its candidates as an empty one.
  if (!candidate || section === undefined) return undefined;
  sections[at] = `${section}a=${candidate}\r\n`;
  return sections.join('');
}
