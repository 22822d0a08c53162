/** Keeps the focus in a list whose rows come and go: it is never lost with what it was on. */
export class RowFocus {
  #index = -1;
  #part = '';
  #had = false;

  /** To be called before the rows change. */
  note(root: ParentNode & DocumentOrShadowRoot): void {
    const active = root.activeElement;
    const row = active?.closest('li');
    this.#had = !!active;
    this.#part = active?.getAttribute('part') ?? '';
    this.#index = row ? [...root.querySelectorAll('li')].indexOf(row) : -1;
  }

  /** To be called when they have changed. What was there is gone: the row that came in its place, else the heading. */
  restore(root: ParentNode & DocumentOrShadowRoot): void {
    if (!this.#had || root.activeElement) return;
    const rows = this.#index < 0 ? [] : [...root.querySelectorAll('li')];
    const row = rows[this.#index] ?? rows.at(-1);
    const same = [...(row?.querySelectorAll('button') ?? [])].find(
      (button) => button.getAttribute('part') === this.#part,
    );
    (same ?? row?.querySelector('button') ?? root.querySelector<HTMLElement>('h2'))?.focus();
  }
}
