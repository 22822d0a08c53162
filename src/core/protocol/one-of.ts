/**
 * Makes a test for some values of a union of strings. A value that is renamed, or not in the union, fails to compile.
 *
 * @example
 * const isOver = oneOf<Phase>('over', 'settling');
 * if (isOver(call.phase)) return;
 */
export function oneOf<T extends string>(
  ...values: readonly T[]
): (value: string | undefined) => value is T {
  const known = new Set<string | undefined>(values);
  return (value): value is T => known.has(value);
}
