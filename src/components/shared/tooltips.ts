import { shownShortcut } from './shortcuts.js';

const NAMED = 'button[aria-label], [role=img][aria-label]';
const SOURCES = ['aria-label', 'aria-keyshortcuts'];

/**
 * Shows the names of buttons and marks without text as native tooltips, with their shortcuts, while the mouse is over them. A
 * permanent `title` would make screen readers say the name twice.
 * @param place an element, or the root of another window
 */
export function addTooltips(place: EventTarget): void {
  place.addEventListener('pointermove', (event) => {
    if (!('pointerType' in event) || event.pointerType !== 'mouse') return;
    // Elements of another window are not instances of this window's classes.
    const button = (event.composedPath() as Partial<HTMLElement>[]).find(
      (node): node is HTMLElement => !!node.matches?.(NAMED),
    );
    if (button && !button.title) showTooltip(button);
  });
}

function showTooltip(button: HTMLElement): void {
  const update = (): void => {
    const letter = button.getAttribute('aria-keyshortcuts')?.at(-1);
    const name = button.getAttribute('aria-label') ?? '';
    button.title = letter ? `${name} (${shownShortcut(letter)})` : name;
  };
  // The name changes with a press, and both with the language or the options of the page.
  const observer = new MutationObserver(update);
  observer.observe(button, { attributeFilter: SOURCES });
  update();
  button.addEventListener(
    'pointerleave',
    () => {
      observer.disconnect();
      button.removeAttribute('title');
    },
    { once: true },
  );
}
