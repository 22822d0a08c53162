import {
  MAX_CALL_ID_LENGTH,
  MAX_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_NOTIFICATION_MESSAGE_LENGTH,
  MAX_NOTIFICATION_TITLE_LENGTH,
  MAX_TIMEOUT_SECONDS,
} from './limits.js';
import { custom, object, oneOf, optional, withDefault, type Shape } from './shapes.js';

/* Shapes of single fields that several messages have in common. */

export const text = (test: (value: string) => boolean): Shape<string> =>
  custom((value) => typeof value === 'string' && test(value));
export const number = (min: number, max: number, test: (value: number) => boolean = () => true) =>
  custom<number>(
    (value) => typeof value === 'number' && value >= min && value <= max && test(value),
  );

/** A user or device ID. */
export const id = text((value) => value.length <= MAX_ID_LENGTH && /^[^\s\p{Cc}]+$/u.test(value));
export const callID = text((value) => value !== '' && value.length <= MAX_CALL_ID_LENGTH);
export const userName = text((value) => value.length <= MAX_NAME_LENGTH);
export const milliseconds = number(0, MAX_TIMEOUT_SECONDS * 1_000);
/** In ms since the epoch. */
export const time = number(0, Infinity);
export const boolean = custom<boolean>((value) => typeof value === 'boolean');
export const no = withDefault(boolean, false);
export const callType = oneOf('voice', 'video');
/** A text of 1 to `max` characters (UTF-16 code units). */
export const filled = (max: number): Shape<string> =>
  text((value) => value !== '' && value.length <= max);
/** A caller's texts for the notification of a call. */
export const notificationTexts = object({
  title: optional(filled(MAX_NOTIFICATION_TITLE_LENGTH)),
  message: optional(filled(MAX_NOTIFICATION_MESSAGE_LENGTH)),
});
export const callUser = object({ userID: id, userName });
