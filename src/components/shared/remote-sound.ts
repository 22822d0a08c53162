import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CallError } from '../../core/service/call-error.js';
import type { RemoteMediaSnapshot } from '../../core/service/types.js';

/**
 * Plays the sound of the others: of every stream with a player of its own that lies in no document. So it goes on in
 * voice calls, while the view is small, and while the view is moved.
 */
export class RemoteSound implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly isConnected: boolean };
  readonly #speakerFault: (error: CallError) => void;
  readonly #createPlayer: () => HTMLAudioElement;
  readonly #players = new Map<MediaStream, HTMLAudioElement>();
  /** The speaker that each player was told to use last. */
  readonly #speakers = new WeakMap<HTMLAudioElement, string>();
  /** The speaker that failed last: reported once, however many players it fails for. */
  #failed: string | undefined;
  #blocked = false;

  constructor(
    host: ReactiveControllerHost & { readonly isConnected: boolean },
    speakerFault: (error: CallError) => void,
    createPlayer: () => HTMLAudioElement = () => new Audio(),
  ) {
    this.#host = host;
    this.#speakerFault = speakerFault;
    this.#createPlayer = createPlayer;
    host.addController(this);
  }

  /** The browser plays no sound before the user has pressed something on the page. */
  get blocked(): boolean {
    return this.#blocked;
  }

  hostDisconnected(): void {
    // A view that is only moved plays on without a gap.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.play([], undefined);
    });
  }

  /**
   * Plays these streams, and none else.
   * @param speaker the ID of the output device; undefined: the default one
   */
  play(media: Iterable<RemoteMediaSnapshot>, speaker: string | undefined): void {
    const wanted = new Set([...media].flatMap(({ stream, screen }) => [stream, screen]));
    for (const [stream, player] of this.#players) {
      if (wanted.has(stream)) continue;
      player.pause();
      player.srcObject = null;
      this.#players.delete(stream);
    }
    for (const stream of wanted) {
      if (!stream || this.#players.has(stream)) continue;
      const player = this.#createPlayer();
      player.srcObject = stream;
      this.#players.set(stream, player);
      this.#start(player);
    }
    this.#route(speaker ?? '');
    if (!this.#players.size) this.#blocked = false;
  }

  /** Plays aloud; to be called while the user presses something. */
  unblock(): void {
    this.#block(false);
    for (const player of this.#players.values()) this.#start(player);
  }

  #route(speaker: string): void {
    if (this.#failed !== speaker) this.#failed = undefined;
    for (const player of this.#players.values()) {
      if (!('setSinkId' in player) || (this.#speakers.get(player) ?? '') === speaker) continue;
      this.#speakers.set(player, speaker);
      player.setSinkId(speaker).catch((error: unknown) => this.#refused(speaker, error));
    }
  }

  /** A device that is gone, or not allowed. The default one always is. */
  #refused(speaker: string, error: unknown): void {
    const isCurrent = [...this.#players.values()].some(
      (player) => this.#speakers.get(player) === speaker,
    );
    if (!speaker || !isCurrent || this.#failed === speaker) return;
    this.#failed = speaker;
    const name = error instanceof Error ? error.name : 'Error';
    const message = `The speaker could not be had: ${name}`;
    this.#speakerFault(new CallError('media-failed', message, { cause: error }));
  }

  #start(player: HTMLAudioElement): void {
    player.play().catch((error: unknown) => {
      // Any other error says that the stream is gone by now.
      if ((error as Error).name === 'NotAllowedError' && player.srcObject) this.#block(true);
    });
  }

  #block(blocked: boolean): void {
    this.#blocked = blocked;
    this.#host.requestUpdate();
  }
}
