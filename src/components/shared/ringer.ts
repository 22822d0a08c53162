import { RingTurn } from '../../core/tabs/ring-turn.js';

/** Notes of a tone that repeats: start in seconds, frequency in hertz, length in seconds. */
interface Tone {
  readonly seconds: number;
  readonly notes: readonly (readonly [start: number, hertz: number, length: number])[];
}

const TONES: Readonly<Record<'incoming' | 'outgoing', Tone>> = {
  // A rising figure of a marimba, twice, and a rest.
  incoming: {
    seconds: 3,
    notes: [0, 0.9].flatMap((at) =>
      [587, 740, 880, 1175].map((hertz, index) => [at + index * 0.15, hertz, 0.5] as const),
    ),
  },
  // The European ringback: one second of 425 Hz, and a rest.
  outgoing: { seconds: 4, notes: [[0, 425, 1]] },
};
const SAMPLE_RATE = 16_000;
const LOUDNESS = 0.25;

/**
 * Rings, and stops without leaving a trace: no running audio context, no playing element. The only owner of the audio
 * context of its element.
 */
export class Ringer {
  readonly #onBlocked: () => void;
  readonly #createContext: () => AudioContext;
  #context: AudioContext | undefined;
  #audio: HTMLAudioElement | undefined;
  #turn: RingTurn | undefined;
  #blocked = false;

  /** @param onBlocked called when `blocked` has changed */
  constructor(onBlocked: () => void, createContext = (): AudioContext => new AudioContext()) {
    this.#onBlocked = onBlocked;
    this.#createContext = createContext;
  }

  /** The browser lets nothing sound before the user has pressed something on the page. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get ringing(): boolean {
    return !!(this.#context ?? this.#audio);
  }

  /**
   * @param source a URL; else the built-in tone, which also stands in for a URL that fails
   * @param shared what of this browser's pages one rings for: the others stay silent. Without it, this page's own tone.
   */
  start(tone: 'incoming' | 'outgoing', source: string | undefined, shared?: string): void {
    if (this.#turn || this.ringing) return;
    if (shared === undefined) this.#play(tone, source);
    else this.#turn = new RingTurn(shared, () => this.#play(tone, source));
  }

  #play(tone: 'incoming' | 'outgoing', source: string | undefined): void {
    if (!source) return this.#playTone(TONES[tone]);
    const audio = (this.#audio = new Audio(source));
    audio.loop = true;
    audio.addEventListener('playing', () => this.#block(false, audio));
    audio.play().catch((error: unknown) => {
      if (audio !== this.#audio) return;
      if ((error as Error).name === 'NotAllowedError') return this.#block(true, audio);
      this.#audio = undefined;
      this.#playTone(TONES[tone]);
    });
  }

  /** Rings aloud; to be called while the user presses something. */
  unblock(): void {
    void this.#context?.resume();
    // Refused again, it stays blocked.
    this.#audio?.play().catch(() => {});
  }

  stop(): void {
    this.#turn?.end();
    this.#turn = undefined;
    this.#silence();
  }

  #silence(): void {
    const context = this.#context;
    this.#audio?.pause();
    this.#audio = this.#context = undefined;
    this.#blocked = false;
    void context?.close();
  }

  #block(blocked: boolean, source: AudioContext | HTMLAudioElement): void {
    if (blocked === this.#blocked || (source !== this.#context && source !== this.#audio)) return;
    // Another page may sound where this one may not.
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
        // A quick attack, and a long or short decay: no click at either end.
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
    source.start();
    context.onstatechange = () => this.#block(context.state !== 'running', context);
    // A context that may not start stays suspended and says nothing; one that may is running within a moment.
    setTimeout(() => this.#block(context.state !== 'running', context), 300);
  }
}
