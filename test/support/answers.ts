import assert from 'node:assert/strict';

/** The acknowledgement of a message to one user that reached this number of devices. */
export const reached = (user: string, devices = 1) => ({ reached: [{ user, devices }] });

/** Whether an acknowledgement says that the sender must wait, and for how long. */
export function isRateLimited(answer: unknown): boolean {
  const { error } = answer as { error?: { code: string; retryAfterMs: number } };
  return error?.code === 'rate-limited' && error.retryAfterMs > 0;
}

/** Asserts that the server rejects a connection for now, with a time to wait. */
export function assertDelayed(connecting: Promise<unknown>): Promise<void> {
  return assert.rejects(
    connecting,
    ({ data }: { data: { code: string; retryAfterMs: number } }) => {
      assert.equal(data.code, 'unavailable');
      assert.ok(data.retryAfterMs > 0);
      return true;
    },
  );
}
