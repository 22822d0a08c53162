/** Keeps the focus inside a list when the focused row is removed. */
export class RowFocus {
  #index = -1;
  #part = '';
  #hadFocus = false;

  /** Must be called before the rows change. */
  save(root: ParentNode & DocumentOrShadowRoot): void {
    const active = root.activeElement;
    const row = active?.closest('li');
    this.#hadFocus = !!active;
    this.#part = active?.getAttribute('part') ?? '';
    this.#index = row ? [...root.querySelectorAll('li')].indexOf(row) : -1;
  }

  /**
   * Must be called after the rows have changed. If the focused element was removed, focuses the row at the same
   * position, or the heading.
   */
  restore(root: ParentNode & DocumentOrShadowRoot): void {
    if (!this.#hadFocus || root.activeElement) return;
    const rows = this.#index < 0 ? [] : [...root.querySelectorAll('li')];
    const row = rows[this.#index] ?? rows.at(-1);
    const same = [...(row?.querySelectorAll('button') ?? [])].find(
      (button) => button.getAttribute('part') === this.#part,
    );
    (same ?? row?.querySelector('button') ?? root.querySelector<HTMLElement>('h2'))?.focus();
  }
}
