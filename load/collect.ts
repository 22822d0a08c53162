/** Lets the parent request a garbage collection before it measures memory. Needs `--expose-gc`. */
export function collectWhenAsked(): void {
  process.on('message', (message) => {
    if (message !== 'collect') return;
    // Only this kind of collection also returns memory to the operating system.
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    process.send?.('collected');
  });
}
