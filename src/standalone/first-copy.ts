/** Named by the build, too: a second copy of Lit then makes no policy of its own. */
const mark = Symbol.for('ringkit.standalone');

/**
 * Whether this script is the first of its kind on the page. A second copy (loaded twice, or module and classic script
 * both) registers nothing: elements of two copies would share one page, and no state.
 */
export function isFirstCopy(): boolean {
  const page = globalThis as { [mark]?: true };
  if (page[mark]) return false;
  page[mark] = true;
  return true;
}
