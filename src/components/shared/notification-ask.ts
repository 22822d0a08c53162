/** A place that can ask the user to turn on notifications. */
interface AskingPlace {
  /** Called when another place begins or stops to ask. */
  readonly onAskChanged: () => void;
}

/**
 * Lets only one place of the page ask the user to turn on notifications at the same time, and none after the user has
 * answered: neither while the browser shows its prompt, nor after "Not now", until the page is loaded again.
 */
export class NotificationAsk {
  /** The places that want to ask. Only the first one does. */
  readonly #places: AskingPlace[] = [];
  #isAnswered = false;

  /** Whether the user has answered on this page. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /**
   * @param isWanted whether this place wants to ask
   * @param isFirst whether it asks before those that want to already
   */
  set(place: AskingPlace, isWanted: boolean, isFirst = false): void {
    const index = this.#places.indexOf(place);
    if (isWanted === index >= 0) return;
    if (!isWanted) this.#places.splice(index, 1);
    else if (isFirst) this.#places.unshift(place);
    else this.#places.push(place);
    for (const other of this.#places) if (other !== place) other.onAskChanged();
  }

  isAsking(place: AskingPlace): boolean {
    return !this.#isAnswered && this.#places[0] === place;
  }

  /** Must be called when the user has turned notifications on, or does not want them now. */
  answer(): void {
    this.#isAnswered = true;
    for (const place of [...this.#places]) place.onAskChanged();
  }
}

/** The instance that all elements of the page share. */
export const notificationAsk = new NotificationAsk();
