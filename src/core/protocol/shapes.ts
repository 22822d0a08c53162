/*
 * Shapes of what comes from the wire: each checks a value and gives it back without what is unknown in it, or throws.
 * Forty lines in place of a schema library, since every page that can be rung loads them
 * (docs/decisions/0005-shapes-of-our-own.md).
 */

export type Shape<T> = (value: unknown) => T;
export type Shaped<S extends Shape<unknown>> = ReturnType<S>;

type Fields = Readonly<Record<string, Shape<unknown>>>;
/** A field whose shape gives `undefined` may be left out. */
type Optional<F extends Fields> = {
  [K in keyof F]: undefined extends ReturnType<F[K]> ? K : never;
}[keyof F];
type ObjectOf<F extends Fields> = { [K in Exclude<keyof F, Optional<F>>]: ReturnType<F[K]> } & {
  [K in Optional<F>]?: Exclude<ReturnType<F[K]>, undefined>;
} extends infer O
  ? { [K in keyof O]: O[K] }
  : never;

/** Only `check` hears it. */
const refuse = (): never => {
  throw new Error();
};

/** Whatever passes the test. */
export const custom =
  <T>(test: (value: unknown) => boolean): Shape<T> =>
  (value) =>
    test(value) ? (value as T) : refuse();

/** One of these. */
export const oneOf = <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  custom((value) => values.includes(value as T));

/** May be left out. */
export const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value) =>
    value === undefined ? undefined : shape(value);

/** May be left out, and is then this. */
export const withDefault =
  <T>(shape: Shape<T>, fallback: T): Shape<T> =>
  (value) =>
    value === undefined ? fallback : shape(value);

/** A list with at most so many items. One that is too long is refused before they are looked at. */
export const list =
  <T>(item: Shape<T>, max: number): Shape<T[]> =>
  (value) =>
    Array.isArray(value) && value.length <= max ? value.map(item) : refuse();

/** An object with these fields of its own; others are stripped. */
export const object = <F extends Fields>(fields: F): Shape<ObjectOf<F>> => {
  const entries = Object.entries(fields);
  return (value) => {
    if (Object(value) !== value || Array.isArray(value)) return refuse();
    const given = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, shape] of entries) {
      const checked = shape(Object.hasOwn(given, name) ? given[name] : undefined);
      if (checked !== undefined) result[name] = checked;
    }
    return result as ObjectOf<F>;
  };
};

/** @returns the checked value, or nothing when it is malformed */
export function check<T>(shape: Shape<T>, value: unknown): T | undefined {
  try {
    return shape(value);
  } catch {
    // Malformed: the caller counts it.
    return undefined;
  }
}
