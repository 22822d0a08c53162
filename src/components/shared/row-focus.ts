/** Keeps the focus inside a list when the focused row is removed. */
export class RowFocus {
  #index = -1;
  /** The row that contains the focused row, in a list inside a list. */
  #outer: Element | null | undefined;
  #part = '';
  #hadFocus = false;

  /** Must be called before the rows change. */
  save(root: ParentNode & DocumentOrShadowRoot): void {
    const active = root.activeElement;
    const row = active?.closest('li');
    this.#hadFocus = !!active;
    this.#part = active?.getAttribute('part') ?? '';
    this.#outer = row?.parentElement?.closest('li');
    this.#index = row ? rowsIn(this.#outer ?? root).indexOf(row) : -1;
  }

  /**
   * Must be called after the rows have changed. If the focused element was removed, focuses the row at the same
   * position, or the row that contained it, or the heading.
   */
  restore(root: ParentNode & DocumentOrShadowRoot): void {
    if (!this.#hadFocus || root.activeElement) return;
    const outer = this.#outer?.isConnected ? this.#outer : undefined;
    const rows = this.#index < 0 ? [] : rowsIn(outer ?? root);
    const row = rows[this.#index] ?? rows.at(-1) ?? outer;
    const same = [...(row?.querySelectorAll('button') ?? [])].find(
      (button) => button.getAttribute('part') === this.#part,
    );
    (same ?? row?.querySelector('button') ?? root.querySelector<HTMLElement>('h2'))?.focus();
  }
}

/** The rows of all lists in a root, without those inside another row. */
const rowsIn = (root: ParentNode): readonly Element[] => {
  const rows = [...root.querySelectorAll('li')];
  const outer = root instanceof Element ? root.closest('li') : null;
  return rows.filter((row) => (row.parentElement?.closest('li') ?? null) === outer);
};
