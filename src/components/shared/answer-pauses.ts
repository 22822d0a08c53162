/** A player that is paused again within this time after it was started again may not play at the moment, in ms. */
const AGAIN_MS = 1_000;

/** Reactions to a pause of a player. */
interface PauseAnswers {
  /** Whether the player should play now. False while the page itself stops it. */
  readonly isWanted: () => boolean;
  /** Starts the player again. */
  readonly play: () => void;
  /** The player was paused again immediately: something prevents it from playing. */
  readonly giveUp: () => void;
}

/**
 * Answers each pause of a player that the page did not request. Browsers pause players when they freeze a page, when
 * the user presses a media key or takes out an earphone, or during a phone call. They do not start them again.
 * @param now the current time in ms, monotonic
 */
export function answerPauses(
  player: HTMLMediaElement,
  { isWanted, play, giveUp }: PauseAnswers,
  now: () => number = () => performance.now(),
): void {
  let answeredAt = -Infinity;
  player.addEventListener('pause', () => {
    // The event is dispatched asynchronously: the player may play again by now.
    if (!player.paused || !isWanted()) return;
    const isRepeated = now() - answeredAt < AGAIN_MS;
    answeredAt = now();
    if (isRepeated) giveUp();
    else play();
  });
}
