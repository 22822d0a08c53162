/** The build script uses the same symbol, to keep a second copy of Lit from creating another Trusted Types policy. */
const mark = Symbol.for('ringkit.standalone');

/**
 * Whether this script is the first copy of the library on the page. A second copy (loaded twice, or both as module and
 * as classic script) registers no elements, because elements of two copies would not share state.
 */
export function isFirstCopy(): boolean {
  const page = globalThis as { [mark]?: true };
  if (page[mark]) return false;
  page[mark] = true;
  return true;
}
