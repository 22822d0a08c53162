/** A promise that is resolved from outside. */
export interface Latch<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function createLatch<T>(): Latch<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
