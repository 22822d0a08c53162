/**
 * Makes a test for some values of a union of strings. A value that is renamed, or not in the union, fails to compile.
 *
 * @example
 * const isOver = oneOf<Phase>('over', 'settling');
 * if (isOver(call.phase)) return;
 */
export function oneOf<T extends string>(
  ...values: readonly T[]
): (value: T | undefined) => boolean {
  const known = new Set<T | undefined>(values);
  return (value) => known.has(value);
}
