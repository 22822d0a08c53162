import type { Mark } from './pages/page.js';

/**
 * @param pages the marks of each page, by its name
 * @param since time in ms since the epoch
 * @returns the marks of all pages in order, with times relative to `since`, in ms
 */
export function mergeMarks(
  pages: Readonly<Record<string, readonly Mark[]>>,
  since: number,
): readonly Mark[] {
  return Object.entries(pages)
    .flatMap(([who, marks]) =>
      marks.map(({ at, what }) => ({ at: at - since, what: `${who}: ${what}` })),
    )
    .sort((a, b) => a.at - b.at);
}
