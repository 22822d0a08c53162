/** Waits until something is so, and fails when it is not in time. For what nothing tells of. */
export async function eventually(
  isSo: () => Promise<boolean>,
  what: string,
  patienceMs = 8_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
