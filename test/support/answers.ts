import assert from 'node:assert/strict';

/** The acknowledgement of a message to one user that has reached so many devices. */
export const reached = (user: string, devices = 1) => ({ reached: [{ user, devices }] });

/** Whether an acknowledgement says that its sender must wait first, and how long. */
export function isRateLimited(answer: unknown): boolean {
  const { error } = answer as { error?: { code: string; retryAfterMs: number } };
  return error?.code === 'rate-limited' && error.retryAfterMs > 0;
}

/** A connection is not taken for now, and its client is told how long to wait. */
export function assertPutOff(connecting: Promise<unknown>): Promise<void> {
  return assert.rejects(
    connecting,
    ({ data }: { data: { code: string; retryAfterMs: number } }) => {
      assert.equal(data.code, 'unavailable');
      assert.ok(data.retryAfterMs > 0);
      return true;
    },
  );
}
