/** Polls a condition, for state without a change notification. Fails if it does not become true in time. */
export async function eventually(
  isSo: () => Promise<boolean>,
  what: string,
  patienceMs = 8_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
