/** Why there is no run, in a sentence for whoever has started it. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}
