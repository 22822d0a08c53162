/** What is needed for this is out of reach now, as Redis is for a while: it may be tried again. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
