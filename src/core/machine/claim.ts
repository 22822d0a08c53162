import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { isPending } from './record-order.js';

/** A statement that a user is in the call with a device, by a sender without authority over it. */
export interface Claim {
  readonly record: MemberRecord;
  /** The device itself has stated it. */
  isConfirmed: boolean;
  /** The device itself has stated it to this one when that had just come back, and may have missed how it came in. */
  isConfirmedToReturned: boolean;
  /** Another member who is in has stated it. */
  isSupported: boolean;
  /** The coordinator of the invitation has stated it. */
  isSelected: boolean;
  /** The coordinator has stated it to this device when that had just come back, and may have missed the device's accept. */
  isSelectedMeanwhile: boolean;
  /** The coordinator of the invitation of this device's own user has stated it. */
  isOfCoordinator: boolean;
  /** The coordinator of the user's invitation when this was evaluated last. */
  coordinator: string | undefined;
  /** The device has reported its call since. */
  isAnswered?: boolean;
  /** Number of times that the device was asked. */
  questions: number;
}

/** Most times that a device is asked about one claim. */
export const MAX_QUESTIONS = 3;

/** Whether the device of a claim states itself that its user has declined or left. */
export const denialOf = (
  { records, from }: Delivered,
  { record: { user, device, round } }: Claim,
): MemberRecord | undefined =>
  from.deviceID === device
    ? records.find(
        (own) => own.user === user && own.round >= round && !isPending(own) && own.state !== 'in',
      )
    : undefined;

/** A message that waits for other messages that prove its statements. */
export interface DeferredMessage {
  readonly message: Delivered;
  /** The message was handled already, except some of its records. */
  readonly isHandled: boolean;
  /** When it was received, by this device's monotonic clock in ms. */
  readonly receivedAt: number;
  /** The sender was in, as far as this device knew then. */
  readonly wasPresent: boolean;
  /** The sender was known to have left in the round in which it states to be in. */
  readonly hadLeft: boolean;
}
