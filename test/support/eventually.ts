/** How long a condition may take, in ms. A passing test never waits so long, even on a busy machine. */
export const PATIENCE_MS = 30_000;

/** Polls a condition, for state without a change notification. Fails if it does not become true in time. */
export async function eventually(
  isSo: () => Promise<boolean>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
