/** Lets the parent have all garbage collected, before it looks at the memory. Of a process with `--expose-gc`. */
export function collectWhenAsked(): void {
  process.on('message', (word) => {
    if (word !== 'collect') return;
    // Nothing less gives the pages back, too.
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    process.send?.('collected');
  });
}
