import type { enCall } from './en-call.js';
import type { enMissed } from './en-missed.js';
import type { enStart } from './en-start.js';

/**
 * English, the base of all languages: what a text is given and what it must say. What is
 * said when a call comes in is loaded at once; the rest stands in `en-start`, `en-call` and `en-missed`.
 */
export const en = {
  /** BCP 47 tag of this language. */
  lang: 'en',

  // Incoming calls
  voiceCall: 'Voice call',
  videoCall: 'Video call',
  groupVoiceCall: 'Group voice call',
  groupVideoCall: 'Group video call',
  /** `names` is a list in this language. */
  withOthers: (names: string): string => `with ${names}`,
  more: (count: number): string => `${count} more`,
  /** Read aloud when a call arrives. */
  isCalling: (name: string): string => `${name} is calling`,
  accept: 'Accept',
  decline: 'Decline',
  /** Accepted; the connection is being made. */
  connecting: 'Connecting…',
  soundBlocked: 'Sound is blocked here',
  ringAloud: 'Ring aloud',

  // Ends
  missedCall: 'Missed call',
  callEnded: 'Call ended',
  mediaFailed: 'No connection could be made',
  answeredElsewhere: 'Answered on another device',
  declinedElsewhere: 'Declined on another device',
};

/** The words of one language. */
export type Texts = typeof en & typeof enStart & typeof enCall & typeof enMissed;
