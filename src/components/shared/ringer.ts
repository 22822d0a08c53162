import { RingTurn } from '../../core/tabs/ring-turn.js';
import { answerPauses } from './answer-pauses.js';
import {
  DEFAULT_RINGTONE,
  isRingtoneName,
  RINGBACK,
  RINGTONES,
  WAITING,
  type Tone,
} from './ringtones.js';

/** The volume of a ringtone rises from this part of the full one, within this time. */
const FIRST_VOLUME = 0.3;
const RISE_MS = 8_000;
const RISE_STEP_MS = 500;
const SAMPLE_RATE = 16_000;
const LOUDNESS = 0.25;
/** An audio context that is allowed to start runs within this time, in ms. */
const START_MS = 300;

/** What a tone announces: a call, the ringing at the other end, or a second call during a call. */
export type RingTone = 'incoming' | 'outgoing' | 'waiting';

const BUILT_IN: Readonly<Record<RingTone, Tone>> = {
  incoming: DEFAULT_RINGTONE,
  outgoing: RINGBACK,
  waiting: WAITING,
};

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
  #rises = false;
  #riseTimer: ReturnType<typeof setInterval> | undefined;

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
   * The volume of the tone of an incoming call rises.
   * @param source a URL, or the name of a ringtone; without one, or if it fails, the default tone is played
   * @param shared name of the call for which only one page of this browser rings; without it, this page always rings
   * @param output ID of the audio output; undefined: the default one, which is also used if that one is not available
   */
  start(tone: RingTone, source: string | undefined, shared?: string, output?: string): void {
    if (this.#turn || this.ringing) return;
    this.#output = output;
    if (shared === undefined) this.#play(tone, source);
    else this.#turn = new RingTurn(shared, () => this.#play(tone, source));
  }

  #play(tone: RingTone, source: string | undefined): void {
    this.#rises = tone === 'incoming';
    const builtIn = BUILT_IN[tone];
    if (!source) return this.#playTone(builtIn);
    if (isRingtoneName(source)) return this.#playTone(RINGTONES[source]);
    const audio = (this.#audio = this.#createAudio(source));
    audio.loop = true;
    this.#raise(audio);
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
        clearInterval(this.#riseTimer);
        this.#playTone(builtIn);
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

  /** Raises the volume of an audio element step by step. Browsers of iPhones have no volume of elements. */
  #raise(audio: HTMLAudioElement): void {
    if (!this.#rises) return;
    audio.volume = FIRST_VOLUME;
    const step = ((1 - FIRST_VOLUME) * RISE_STEP_MS) / RISE_MS;
    this.#riseTimer = setInterval(() => {
      audio.volume = Math.min(1, audio.volume + step);
      if (audio.volume === 1) clearInterval(this.#riseTimer);
    }, RISE_STEP_MS);
  }

  #silence(): void {
    clearInterval(this.#riseTimer);
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

  #playTone({ seconds, notes, volume: loudness = 1 }: Tone): void {
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
          (samples[at] ?? 0) +
          LOUDNESS * loudness * envelope * (Math.sin(phase) + 0.25 * Math.sin(4 * phase));
      }
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    const volume = context.createGain();
    if (this.#rises) {
      // By the time of the context, which stands still while the browser blocks the sound.
      volume.gain.setValueAtTime(FIRST_VOLUME, context.currentTime);
      volume.gain.linearRampToValueAtTime(1, context.currentTime + RISE_MS / 1_000);
    }
    source.connect(volume).connect(context.destination);
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
