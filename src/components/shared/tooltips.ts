import type { LitElement } from 'lit';
import { shownShortcut } from './shortcuts.js';

/**
 * Shows the names of buttons and marks without text as native tooltips, with their shortcuts, while the mouse is over them. A
 * permanent `title` would make screen readers say the name twice.
 */
export function addTooltips(host: LitElement): void {
  host.addEventListener('pointermove', (event) => {
    if (event.pointerType !== 'mouse') return;
    const button = event
      .composedPath()
      .find(
        (node) =>
          node instanceof HTMLElement && node.matches('button[aria-label], [role=img][aria-label]'),
      );
    if (!(button instanceof HTMLElement) || button.title) return;
    const letter = button.getAttribute('aria-keyshortcuts')?.at(-1);
    const name = button.getAttribute('aria-label') ?? '';
    button.title = letter ? `${name} (${shownShortcut(letter)})` : name;
    const remove = (): void => {
      button.removeAttribute('title');
      // After a press, the name may be another one.
      button.removeEventListener('click', remove);
      button.removeEventListener('pointerleave', remove);
    };
    button.addEventListener('click', remove);
    button.addEventListener('pointerleave', remove);
  });
}
