/** A service, for example Redis, is temporarily unavailable. The operation may be retried later. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * Does something with a service that may be unavailable.
 * @returns whether it was. Other errors are thrown.
 */
export async function isUnavailable(job: () => Promise<void>): Promise<boolean> {
  try {
    await job();
    return false;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return true;
  }
}
