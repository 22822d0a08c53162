import type { enCall } from './en-call.js';

/**
 * English, the base of all languages: what a text is given and what it must say. This much is loaded at once; what is
 * said once a call is being placed stands in `en-call`.
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
  soundBlocked: 'Sound is blocked here',
  ringAloud: 'Ring aloud',

  // Starting a call
  call: 'Call',
  unsupportedHere: 'This browser cannot make calls',
  notConnected: 'No connection. Try again in a moment',
  callFailed: 'The call could not be placed',

  // Ends
  missedCall: 'Missed call',
  callEnded: 'Call ended',
  answeredElsewhere: 'Answered on another device',
  declinedElsewhere: 'Declined on another device',
};

/** The words of one language. */
export type Texts = typeof en & typeof enCall;
