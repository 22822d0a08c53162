import { CallError, messageOf } from '../../core/service/call-error.js';

/** Maximum number of different warnings, so that errors with changing texts do not fill console and memory. */
const MAX_WARNINGS = 50;

/** Writes warnings for the developer of the page, each text once. */
export class DeveloperWarnings {
  readonly #write: (...values: readonly unknown[]) => void;
  readonly #written = new Set<string>();

  /** @param write default: the console of the browser */
  constructor(
    // eslint-disable-next-line no-console -- an error that nobody handles must not be silent
    write: (...values: readonly unknown[]) => void = (...values) => console.warn(...values),
  ) {
    this.#write = write;
  }

  /**
   * Warns of an error that the page has not handled.
   * @param element what reports it
   * @param advice what the developer can do about it, in sentences
   */
  unhandled(element: Element, error: unknown, advice = ''): void {
    const code = error instanceof CallError ? ` (${error.code})` : '';
    const message = messageOf(error).replace(/\.$/, '');
    this.#once(
      [
        `ringkit: <${element.localName}>: ${message}${code}.`,
        advice,
        'Set invitationEvents.onError of the provider, or read the error of its event "error", to handle errors yourself.',
      ],
      error,
    );
  }

  /** Warns of a mistake that no code of the page can handle. */
  warn(text: string): void {
    this.#once([text]);
  }

  #once(sentences: readonly string[], ...details: readonly unknown[]): void {
    const text = sentences.filter(Boolean).join(' ');
    if (this.#written.has(text) || this.#written.size === MAX_WARNINGS) return;
    this.#written.add(text);
    this.#write(text, ...details);
  }
}

/** The warnings of this page. */
export const developerWarnings = new DeveloperWarnings();
