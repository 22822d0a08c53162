/** The load can't be generated. The message is one sentence for the user of the command. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}
