/*
 * Schemas for data from the network. A shape is a function that checks a value and returns it without unknown fields,
 * or throws. These forty lines replace a schema library because every page that can receive calls loads them
 * (docs/decisions/0005-shapes-of-our-own.md).
 */

export type Shape<T> = (value: unknown) => T;
export type Shaped<S extends Shape<unknown>> = ReturnType<S>;

type Fields = Readonly<Record<string, Shape<unknown>>>;
/** The fields that may be absent: those whose shape can return `undefined`. */
type Optional<F extends Fields> = {
  [K in keyof F]: undefined extends ReturnType<F[K]> ? K : never;
}[keyof F];
type ObjectOf<F extends Fields> = { [K in Exclude<keyof F, Optional<F>>]: ReturnType<F[K]> } & {
  [K in Optional<F>]?: Exclude<ReturnType<F[K]>, undefined>;
} extends infer O
  ? { [K in keyof O]: O[K] }
  : never;

/** Rejects a value. {@link check} catches the error. */
const reject = (): never => {
  throw new Error();
};

/** Any value that passes the test. */
export const custom =
  <T>(test: (value: unknown) => boolean): Shape<T> =>
  (value) =>
    test(value) ? (value as T) : reject();

/** One of these values. */
export const oneOf = <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  custom((value) => values.includes(value as T));

/** A field that may be absent. */
export const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value) =>
    value === undefined ? undefined : shape(value);

/** A field that may be absent; it then has the value `fallback`. */
export const withDefault =
  <T>(shape: Shape<T>, fallback: T): Shape<T> =>
  (value) =>
    value === undefined ? fallback : shape(value);

/** An array of at most `max` items. A longer one is rejected before its items are checked. */
export const list =
  <T>(item: Shape<T>, max: number): Shape<T[]> =>
  (value) =>
    Array.isArray(value) && value.length <= max ? value.map(item) : reject();

/** An object with these own properties; others are stripped. */
export const object = <F extends Fields>(fields: F): Shape<ObjectOf<F>> => {
  const entries = Object.entries(fields);
  return (value) => {
    if (Object(value) !== value || Array.isArray(value)) return reject();
    const given = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, shape] of entries) {
      const checked = shape(Object.hasOwn(given, name) ? given[name] : undefined);
      if (checked !== undefined) result[name] = checked;
    }
    return result as ObjectOf<F>;
  };
};

/** @returns the checked value; undefined if it is malformed */
export function check<T>(shape: Shape<T>, value: unknown): T | undefined {
  try {
    return shape(value);
  } catch {
    // Malformed: the caller handles it.
    return undefined;
  }
}
