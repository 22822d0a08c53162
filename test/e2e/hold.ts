/** Pauses the delivery of messages. Held messages are delivered in order by `release()`. */
export class Hold {
  #waiting: (() => void)[] | undefined;

  hold(): void {
    this.#waiting = [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const deliver of waiting) deliver();
  }

  pass(deliver: () => void): void {
    if (this.#waiting) this.#waiting.push(deliver);
    else deliver();
  }
}
