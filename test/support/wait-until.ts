/**
 * How long a condition may take, in ms. A passing test never waits so long, even on a busy machine. Shorter than the limit of
 * a whole test in `web-test-runner.config.mjs`, so that a failure names its condition.
 */
const PATIENCE_MS = 30_000;
const INTERVAL_MS = 10;

/**
 * Polls a condition in a page until it is truthy.
 * @throws {Error} with the place of the call, if the condition does not become true in time
 */
export async function waitUntil(
  condition: () => unknown,
  what = condition.toString(),
): Promise<void> {
  const timeout = new Error(`timed out waiting until ${what}`);
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw timeout;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
