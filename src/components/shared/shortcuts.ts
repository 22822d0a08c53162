import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallConfig } from '../../core/service/call-config.js';

/** Actions with a keyboard shortcut: Alt (Option on a Mac) and a letter. */
const DEFAULT_KEYS = { accept: 'A', microphone: 'M', camera: 'V', 'hang-up': 'H' } as const;
export type ShortcutAction = keyof typeof DEFAULT_KEYS;
const ACTIONS = Object.keys(DEFAULT_KEYS) as ShortcutAction[];

/** The letters of the actions that have a shortcut. */
export type ShortcutKeys = Readonly<Partial<Record<ShortcutAction, string>>>;

/** The letters that the page has configured; the default in place of what is not a letter from A to Z. */
export function shortcutKeys(config: CallConfig['shortcuts'] = true): ShortcutKeys {
  if (config === false) return {};
  const own = config === true ? {} : config;
  const letterOf = (action: ShortcutAction): readonly [ShortcutAction, string][] => {
    const letter = own[action === 'hang-up' ? 'hangUp' : action];
    if (letter === false) return [];
    const isLetter = typeof letter === 'string' && /^[a-z]$/i.test(letter);
    return [[action, isLetter ? letter.toUpperCase() : DEFAULT_KEYS[action]]];
  };
  return Object.fromEntries(ACTIONS.flatMap(letterOf));
}

/** Inputs into which nothing is typed. */
const PRESSED = 'button, checkbox, color, file, image, radio, range, reset, submit';

/** The elements that show a call with controls. */
const CALLS = 'ongoing-call-view, minimal-call-view, outgoing-call-dialog, incoming-call-dialog';

const isMac = (): boolean => /Mac|iP(hone|ad)/.test(navigator.userAgent);

type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'repeat' | 'isComposing'
>;

/** The shortcut for the attribute `aria-keyshortcuts`. */
export const ariaShortcut = (letter: string): string => `Alt+${letter}`;

/** The shortcut as users see it. */
export const shownShortcut = (letter: string, onMac = isMac()): string =>
  onMac ? `⌥${letter}` : ariaShortcut(letter);

/** The shortcut as a screen reader pronounces it. */
export const spokenShortcut = (letter: string, onMac = isMac()): string =>
  onMac ? `Option+${letter}` : ariaShortcut(letter);

/**
 * The action of a key press. The letter counts; where the keyboard has no such letter (Alt changes it on a Mac, and other
 * scripts have others), the place of its key.
 */
export function actionOf(
  press: KeyPress,
  keys: ShortcutKeys = DEFAULT_KEYS,
): ShortcutAction | undefined {
  const { key, code, altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing } = press;
  if (!altKey || ctrlKey || metaKey || shiftKey || repeat || isComposing) return undefined;
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^Key/, '');
  return ACTIONS.find((action) => keys[action] === letter);
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
  #keys: ShortcutKeys | undefined;

  /** @param run runs an action. @returns whether it was possible */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    run: (action: ShortcutAction) => boolean,
  ) {
    this.#host = host;
    this.#run = run;
    host.addController(this);
  }

  /** Must be called in each update. @param keys undefined switches the shortcuts off */
  set(keys: ShortcutKeys | undefined): void {
    this.#keys = keys;
    // Adding the same listener again has no effect.
    if (keys) window.addEventListener('keydown', this.#onKeyDown);
    else window.removeEventListener('keydown', this.#onKeyDown);
  }

  hostDisconnected(): void {
    this.set(undefined);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    // On some keyboards, AltGr types characters.
    if (event.defaultPrevented || event.getModifierState('AltGraph')) return;
    const action = actionOf(event, this.#keys);
    const path = event.composedPath();
    // A call that rings is also accepted from a text field, but not on a Mac, where Option and a letter type a character.
    if (!action || (isTyping(path[0]) && (action !== 'accept' || isMac()))) return;
    const focused = path.find((node) => node instanceof Element && node.matches(CALLS));
    if (focused && focused !== this.#host) return;
    if (this.#run(action)) event.preventDefault();
  };
}
