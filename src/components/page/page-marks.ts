import { IconMark } from './icon-mark.js';
import { TitleMark } from './title-mark.js';

/** How a call marks the title and the icon of its page. */
export interface PageMark {
  readonly kind: 'ringing' | 'call';
  /** Text before the title; empty for no mark. */
  readonly prefix: string;
  /** Whether the icon is marked. */
  readonly icon: boolean;
}

/** A filled circle with a shape in white, as a data URL. */
const icon = (colour: string, shape: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="${colour}"/><g transform="translate(7 7) scale(.75)" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">${shape}</g></svg>`,
  )}`;

const PHONE =
  '<path fill="#fff" d="M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384"/>';
const BELL =
  '<path fill="#fff" d="M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326"/><path d="M10.268 21a2 2 0 0 0 3.464 0"/>';

/** The marked icons, by the kind of the mark. */
const ICONS: Readonly<Record<PageMark['kind'], string>> = {
  ringing: icon('#c81e34', BELL),
  call: icon('#0b8040', PHONE),
};

/**
 * The marks of one document. Several providers may mark it: a ringing call is shown first, then the call that was
 * marked first.
 */
export class PageMarks {
  readonly #title: Pick<TitleMark, 'set'>;
  readonly #icon: Pick<IconMark, 'set'>;
  readonly #marks = new Map<object, PageMark>();

  constructor(
    title: Pick<TitleMark, 'set'> = new TitleMark(),
    icon: Pick<IconMark, 'set'> = new IconMark(),
  ) {
    this.#title = title;
    this.#icon = icon;
  }

  /** @param mark undefined removes the mark of this owner */
  set(owner: object, mark: PageMark | undefined): void {
    if (mark) this.#marks.set(owner, mark);
    else this.#marks.delete(owner);
    const all = [...this.#marks.values()];
    const shown = all.find(({ kind }) => kind === 'ringing') ?? all[0];
    this.#title.set(shown?.prefix ?? '');
    this.#icon.set(shown?.icon ? ICONS[shown.kind] : '');
  }
}
