import type { Delivered, MemberRecord } from '../protocol/messages.js';

/** Somebody is said to be in the call, by one who can't decide that alone. */
export interface Claim {
  readonly record: MemberRecord;
  /** The device itself says so. */
  isConfirmed: boolean;
  /** Another member, who is in, says so. */
  isSupported: boolean;
  /** The coordinator of the invitation says so. */
  isSelected: boolean;
  /** How often the device was asked. */
  questions: number;
}

/** How often a device is asked about one claim. */
export const MAX_QUESTIONS = 3;

/** A message that waits for what would prove it. */
export interface DeferredMessage {
  readonly message: Delivered;
  /** It was acted on already, but for some of its records. */
  readonly isHandled: boolean;
  /** When it was heard. */
  readonly heardAt: number;
}
