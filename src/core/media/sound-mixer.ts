interface Mix {
  readonly context: AudioContext;
  readonly output: MediaStreamAudioDestinationNode;
}

interface Input {
  readonly track: MediaStreamTrack;
  readonly node: MediaStreamAudioSourceNode;
}

type InputName = 'microphone' | 'screen';

/**
 * Mixes the sound of a shared screen into that of the microphone, with Web Audio. So a link needs no further track, and
 * members with any version of ringkit hear both. A microphone that is disabled because the user is muted adds silence.
 */
export class SoundMixer {
  readonly #changed: () => void;
  readonly #createContext: () => AudioContext;
  #mix: Mix | undefined;
  readonly #inputs = new Map<InputName, Input>();

  /** @param changed called after `track` has changed by itself, never during `set` */
  constructor(changed: () => void, createContext = (): AudioContext => new AudioContext()) {
    this.#changed = changed;
    this.#createContext = createContext;
  }

  /**
   * The mixed sound. Undefined while no screen has sound, and while the browser does not run the mixer, which would send
   * silence: then the microphone itself is to be sent.
   */
  get track(): MediaStreamTrack | undefined {
    const isRunning = this.#mix?.context.state === 'running';
    return isRunning ? this.#mix?.output.stream.getAudioTracks()[0] : undefined;
  }

  /** Mixes these tracks from now on. Without sound of a screen, it releases everything. */
  set(microphone: MediaStreamTrack | undefined, screen: MediaStreamTrack | undefined): void {
    if (!screen) return this.close();
    try {
      this.#mix ??= this.#open();
      this.#connect('microphone', microphone, this.#mix);
      this.#connect('screen', screen, this.#mix);
    } catch {
      // No Web Audio, too many contexts, or a track that can't be mixed: the screen is shared without sound, and the
      // microphone is sent by itself.
      this.close();
    }
  }

  close(): void {
    const mix = this.#mix;
    if (!mix) return;
    this.#mix = undefined;
    mix.context.removeEventListener('statechange', this.#changed);
    for (const { node } of this.#inputs.values()) node.disconnect();
    this.#inputs.clear();
    for (const track of mix.output.stream.getTracks()) track.stop();
    mix.context.close().catch(() => {});
  }

  #open(): Mix {
    const context = this.#createContext();
    try {
      const output = context.createMediaStreamDestination();
      context.addEventListener('statechange', this.#changed);
      // Rejected if the context is closed before it runs.
      context.resume().catch(() => {});
      return { context, output };
    } catch (error) {
      context.close().catch(() => {});
      throw error;
    }
  }

  #connect(name: InputName, track: MediaStreamTrack | undefined, { context, output }: Mix): void {
    const before = this.#inputs.get(name);
    if (before?.track === track) return;
    before?.node.disconnect();
    this.#inputs.delete(name);
    if (!track) return;
    const node = context.createMediaStreamSource(new MediaStream([track]));
    node.connect(output);
    this.#inputs.set(name, { track, node });
  }
}
