import type { CallErrorCode } from '../protocol/vocabulary.js';

/** @returns the text of anything that was thrown */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/**
 * An error that the page's code must handle. Expected ends of calls are end reasons, never errors.
 *
 * @example
 * ```ts
 * import { CallError, type CallInvitationService } from 'ringkit';
 *
 * async function call(service: CallInvitationService): Promise<void> {
 *   try {
 *     await service.send({ invitees: ['bob'], callType: 'voice' });
 *   } catch (error) {
 *     if (!(error instanceof CallError)) throw error;
 *     console.warn(error.code, error.message, error.retryAfterMs);
 *   }
 * }
 * ```
 */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;
  /** With `rate-limited`: how long to wait, in ms, if the server has specified it. */
  readonly retryAfterMs: number | undefined;

  /** @param message for developers; default: the code */
  constructor(
    code: CallErrorCode,
    message: string = code,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
