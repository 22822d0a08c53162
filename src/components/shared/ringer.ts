import { RingTurn } from '../../core/tabs/ring-turn.js';
import { answerPauses } from './answer-pauses.js';

/** A repeated tone, as notes: start in seconds, frequency in hertz, length in seconds. */
interface Tone {
  readonly seconds: number;
  readonly notes: readonly (readonly [start: number, hertz: number, length: number])[];
}

const TONES: Readonly<Record<'incoming' | 'outgoing', Tone>> = {
  // A rising marimba figure, twice, and a pause.
  incoming: {
    seconds: 3,
    notes: [0, 0.9].flatMap((at) =>
      [587, 740, 880, 1175].map((hertz, index) => [at + index * 0.15, hertz, 0.5] as const),
    ),
  },
  // The European ringback tone: 425 Hz for one second, and a pause.
  outgoing: { seconds: 4, notes: [[0, 425, 1]] },
};
const SAMPLE_RATE = 16_000;
const LOUDNESS = 0.25;
/** An audio context that is allowed to start runs within this time, in ms. */
const START_MS = 300;

/**
 * Plays a ring tone. After `stop`, no audio context runs and no audio element plays. It owns the only audio context
 * of its element.
 */
export class Ringer {
  readonly #onBlocked: () => void;
  readonly #createContext: () => AudioContext;
  readonly #createAudio: (source: string) => HTMLAudioElement;
  #context: AudioContext | undefined;
  #audio: HTMLAudioElement | undefined;
  #turn: RingTurn | undefined;
  #blocked = false;
  #output: string | undefined;

  /** @param onBlocked called when `blocked` changes */
  constructor(
    onBlocked: () => void,
    createContext = (): AudioContext => new AudioContext(),
    createAudio = (source: string): HTMLAudioElement => new Audio(source),
  ) {
    this.#onBlocked = onBlocked;
    this.#createContext = createContext;
    this.#createAudio = createAudio;
  }

  /** Whether the tone does not play until the user interacts with the page. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get ringing(): boolean {
    return !!(this.#context ?? this.#audio);
  }

  /**
   * @param source a URL; without one, or if it fails, the built-in tone is played
   * @param shared name of the call for which only one page of this browser rings; without it, this page always rings
   * @param output ID of the audio output; undefined: the default one, which is also used if that one is not available
   */
  start(
    tone: 'incoming' | 'outgoing',
    source: string | undefined,
    shared?: string,
    output?: string,
  ): void {
    if (this.#turn || this.ringing) return;
    this.#output = output;
    if (shared === undefined) this.#play(tone, source);
    else this.#turn = new RingTurn(shared, () => this.#play(tone, source));
  }

  #play(tone: 'incoming' | 'outgoing', source: string | undefined): void {
    if (!source) return this.#playTone(TONES[tone]);
    const audio = (this.#audio = this.#createAudio(source));
    audio.loop = true;
    this.#route(audio);
    audio.addEventListener('playing', () => this.#setBlocked(false, audio));
    const play = (): void => {
      audio.play().catch((error: unknown) => {
        if (audio !== this.#audio) return;
        const { name } = error as Error;
        if (name === 'NotAllowedError') return this.#setBlocked(true, audio);
        // A pause interrupted the start. It is answered below.
        if (name === 'AbortError') return;
        this.#audio = undefined;
        this.#playTone(TONES[tone]);
      });
    };
    answerPauses(audio, {
      isWanted: () => audio === this.#audio,
      play,
      giveUp: () => this.#setBlocked(true, audio),
    });
    play();
  }

  /** Starts blocked sound. Must be called in a handler of a user action. */
  unblock(): void {
    this.#context?.resume().catch(() => {});
    // If playback is rejected again, it stays blocked.
    this.#audio?.play().catch(() => {});
  }

  stop(): void {
    this.#turn?.end();
    this.#turn = undefined;
    this.#silence();
  }

  /** Plays on the selected output, in browsers that let pages select one. */
  #route(player: object): void {
    if (!this.#output || !('setSinkId' in player)) return;
    // An output that is unplugged or not allowed: the default one rings.
    (player as Pick<HTMLMediaElement, 'setSinkId'>).setSinkId(this.#output).catch(() => {});
  }

  #silence(): void {
    const context = this.#context;
    this.#audio?.pause();
    this.#audio = this.#context = undefined;
    this.#blocked = false;
    void context?.close();
  }

  #setBlocked(blocked: boolean, source: AudioContext | HTMLAudioElement): void {
    if (blocked === this.#blocked || (source !== this.#context && source !== this.#audio)) return;
    // Another page may be allowed to play sound where this one is not.
    if (blocked && this.#turn?.giveAway()) return this.#silence();
    this.#blocked = blocked;
    this.#onBlocked();
  }

  #playTone({ seconds, notes }: Tone): void {
    if (typeof AudioContext === 'undefined') return;
    const context = (this.#context = this.#createContext());
    const buffer = context.createBuffer(1, seconds * SAMPLE_RATE, SAMPLE_RATE);
    const samples = buffer.getChannelData(0);
    for (const [start, hertz, length] of notes) {
      const first = start * SAMPLE_RATE;
      const count = length * SAMPLE_RATE;
      for (let i = 0; i < count && first + i < samples.length; i++) {
        const phase = (2 * Math.PI * hertz * i) / SAMPLE_RATE;
        // A short attack and a longer decay avoid clicks at both ends.
        const envelope = Math.min(1, i / 80) * (1 - i / count) ** (length < 1 ? 3 : 0.3);
        const at = Math.floor(first) + i;
        samples[at] =
          (samples[at] ?? 0) + LOUDNESS * envelope * (Math.sin(phase) + 0.25 * Math.sin(4 * phase));
      }
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(context.destination);
    this.#route(context);
    source.start();
    const check = (): void => this.#setBlocked(context.state !== 'running', context);
    context.onstatechange = () => {
      if (context.state === 'running') return check();
      if (context !== this.#context) return;
      // The browser suspended it, for example during a phone call. If it may not resume, the promise stays pending.
      context.resume().catch(() => {});
      setTimeout(check, START_MS);
    };
    // A context that is not allowed to start stays suspended without an event.
    setTimeout(check, START_MS);
  }
}
