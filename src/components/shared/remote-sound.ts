import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CallError } from '../../core/service/call-error.js';
import type { RemoteMediaSnapshot } from '../../core/service/snapshots.js';
import { answerPauses } from './answer-pauses.js';

/**
 * Plays the sound of the other members: each stream has an audio element that is not in the document. So sound
 * continues in voice calls, while the view is minimised, and while the view is moved. Players that the browser pauses
 * are played again.
 */
export class RemoteSound implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly isConnected: boolean };
  readonly #onSpeakerFault: (error: CallError) => void;
  readonly #createPlayer: () => HTMLAudioElement;
  readonly #players = new Map<MediaStream, HTMLAudioElement>();
  /** The speaker that was last set for each audio element. */
  readonly #speakers = new WeakMap<HTMLAudioElement, string>();
  /** The speaker that failed last, so that the failure is reported only once for all audio elements. */
  #failedSpeaker: string | undefined;
  #blocked = false;

  constructor(
    host: ReactiveControllerHost & { readonly isConnected: boolean },
    speakerFault: (error: CallError) => void,
    createPlayer: () => HTMLAudioElement = () => new Audio(),
  ) {
    this.#host = host;
    this.#onSpeakerFault = speakerFault;
    this.#createPlayer = createPlayer;
    host.addController(this);
  }

  /** Whether sound does not play until the user interacts with the page. */
  get blocked(): boolean {
    return this.#blocked;
  }

  hostDisconnected(): void {
    // If the view is only moved in the document, sound continues without a gap.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.play([], undefined);
    });
  }

  /**
   * Plays these streams and stops all others.
   * @param speaker ID of the output device; undefined selects the default device
   */
  play(media: Iterable<RemoteMediaSnapshot>, speaker: string | undefined): void {
    const wanted = new Set([...media].map(({ stream, sound = stream }) => sound));
    for (const [stream, player] of this.#players) {
      if (wanted.has(stream)) continue;
      this.#players.delete(stream);
      player.pause();
      player.srcObject = null;
    }
    for (const stream of wanted) {
      if (!stream || this.#players.has(stream)) continue;
      const player = this.#createPlayer();
      player.srcObject = stream;
      this.#players.set(stream, player);
      answerPauses(player, {
        isWanted: () => this.#players.get(stream) === player,
        play: () => this.#start(player),
        giveUp: () => this.#setBlocked(true),
      });
      player.addEventListener('playing', this.#onPlaying);
      this.#start(player);
    }
    this.#route(speaker ?? '');
    if (!this.#players.size) this.#blocked = false;
  }

  /** Starts blocked sound. Must be called in a handler of a user action. */
  unblock(): void {
    this.#setBlocked(false);
    for (const player of this.#players.values()) this.#start(player);
  }

  #route(speaker: string): void {
    if (this.#failedSpeaker !== speaker) this.#failedSpeaker = undefined;
    for (const player of this.#players.values()) {
      if (!('setSinkId' in player) || (this.#speakers.get(player) ?? '') === speaker) continue;
      this.#speakers.set(player, speaker);
      player.setSinkId(speaker).catch((error: unknown) => this.#onSpeakerError(speaker, error));
    }
  }

  /** The device was removed or is not allowed. The default device is always allowed. */
  #onSpeakerError(speaker: string, error: unknown): void {
    const isCurrent = [...this.#players.values()].some(
      (player) => this.#speakers.get(player) === speaker,
    );
    if (!speaker || !isCurrent || this.#failedSpeaker === speaker) return;
    this.#failedSpeaker = speaker;
    const name = error instanceof Error ? error.name : 'Error';
    const message = `The speaker could not be opened: ${name}`;
    this.#onSpeakerFault(new CallError('media-failed', message, { cause: error }));
  }

  #start(player: HTMLAudioElement): void {
    player.play().catch((error: unknown) => {
      // Any other error means that the stream was removed meanwhile.
      if ((error as Error).name === 'NotAllowedError' && player.srcObject) this.#setBlocked(true);
    });
  }

  /** The browser has started blocked sound, for example because the user pressed a media key. */
  readonly #onPlaying = (): void => {
    const isBlocked = [...this.#players.values()].some(({ paused }) => paused);
    if (this.#blocked && !isBlocked) this.#setBlocked(false);
  };

  #setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    this.#host.requestUpdate();
  }
}
