import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Actions with a keyboard shortcut: Alt (Option on a Mac) and a letter. */
const KEYS = { microphone: 'M', camera: 'V', 'hang-up': 'H' } as const;
export type ShortcutAction = keyof typeof KEYS;
const ACTIONS = Object.keys(KEYS) as ShortcutAction[];

/** Inputs into which nothing is typed. */
const PRESSED = 'button, checkbox, color, file, image, radio, range, reset, submit';

/** The elements that show a call with controls. */
const CALLS = 'ongoing-call-view, outgoing-call-dialog';

type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'repeat' | 'isComposing'
>;

/** The shortcut for the attribute `aria-keyshortcuts`. */
export const ariaShortcut = (action: ShortcutAction): string => `Alt+${KEYS[action]}`;

/** The shortcut as users know it. */
export const shownShortcut = (
  action: ShortcutAction,
  isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent),
): string => (isMac ? `⌥${KEYS[action]}` : ariaShortcut(action));

/**
 * The action of a key press. The letter counts; where the keyboard has no such letter (Alt changes it on a Mac, and other
 * scripts have others), the place of its key.
 */
export function actionOf(press: KeyPress): ShortcutAction | undefined {
  const { key, code, altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing } = press;
  if (!altKey || ctrlKey || metaKey || shiftKey || repeat || isComposing) return undefined;
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^Key/, '');
  return ACTIONS.find((action) => KEYS[action] === letter);
}

/** Whether the user types into this element. */
export function isTyping(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !PRESSED.split(', ').includes(target.type);
  return target.isContentEditable || target.matches('textarea, select, [role=textbox]');
}

/**
 * Runs actions by keyboard shortcuts of the page while they are switched on. If there are several calls in a page, the
 * one with the focus takes them, else the first one.
 */
export class Shortcuts implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #run: (action: ShortcutAction) => boolean;
  #isOn = false;

  /** @param run runs an action. @returns whether it was possible */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    run: (action: ShortcutAction) => boolean,
  ) {
    this.#host = host;
    this.#run = run;
    host.addController(this);
  }

  /** Must be called in each update. */
  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (isOn) window.addEventListener('keydown', this.#onKeyDown);
    else window.removeEventListener('keydown', this.#onKeyDown);
  }

  hostDisconnected(): void {
    this.set(false);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    // On some keyboards, AltGr types characters.
    if (event.defaultPrevented || event.getModifierState('AltGraph')) return;
    const action = actionOf(event);
    const path = event.composedPath();
    if (!action || isTyping(path[0])) return;
    const focused = path.find((node) => node instanceof Element && node.matches(CALLS));
    if (focused && focused !== this.#host) return;
    if (this.#run(action)) event.preventDefault();
  };
}
