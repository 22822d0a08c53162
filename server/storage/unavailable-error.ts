/** A service, for example Redis, is temporarily unavailable. The operation may be retried later. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
