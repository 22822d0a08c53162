/**
 * Up to two initials of a name: the first letters of its first and last word. One letter for a single word, and for
 * Chinese, Japanese and Korean names. An emoji is used alone. A zero-width non-joiner separates Arabic letters.
 */
export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s·_.]+/u);
  const signs = words.map(firstSign).filter((sign) => sign !== '');
  const first = signs[0] ?? '';
  const last = signs.length > 1 ? (signs.at(-1) ?? '') : '';
  const alone = /\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Hangul}|[ぁ-ヿ]/u;
  if (!last || alone.test(first) || alone.test(last)) return first;
  return first + (/\p{Script=Arabic}/u.test(first) ? '\u200c' : '') + last;
}

function firstSign(word: string): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment.toLocaleUpperCase();
  }
  return '';
}
