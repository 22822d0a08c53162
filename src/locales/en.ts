/** Whether sound and picture of this device reach the others: what is missing, and why. */
export type DeviceProblem = 'blocked' | 'missing' | 'busy' | 'insecure';

const because: Record<DeviceProblem, string> = {
  blocked: 'blocked by the browser',
  missing: 'not found',
  busy: 'in use by another app',
  insecure: 'only on a secure (https) page',
};

/** English, the base of all languages: what a text is given and what it must say. */
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
  declined: 'Declined',
  busy: 'Busy',
  noAnswer: 'No answer',
  unreachable: 'Could not be reached',
  unsupported: 'Their browser cannot take calls',
  answeredElsewhere: 'Answered on another device',
  declinedElsewhere: 'Declined on another device',
  connectionLost: 'Connection lost',
  mediaFailed: 'No connection could be made',

  // Outgoing and ongoing calls
  calling: 'Calling…',
  ringing: 'Ringing…',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  notReached: (names: string): string => `Not reached yet: ${names}`,
  cancel: 'Cancel',
  hangUp: 'Hang up',
  /** The name of the region that shows the call. */
  callWith: (names: string): string => `Call with ${names}`,
  you: 'You',
  muteMicrophone: 'Mute microphone',
  unmuteMicrophone: 'Unmute microphone',
  turnCameraOn: 'Turn camera on',
  turnCameraOff: 'Turn camera off',
  shareScreen: 'Share screen',
  stopSharing: 'Stop sharing',
  sharesScreen: (name: string): string => `${name} shares the screen`,
  youShareScreen: 'You share your screen',
  microphoneOff: 'Microphone is off',
  devices: 'Devices',
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
  /** A device that the browser gives no name. */
  device: (number: number): string => `Device ${number}`,
  minimise: 'Minimise',
  restore: 'Back to the call',
  duration: 'Duration',
  /** From 0, none, to 3, good. */
  quality: (level: 0 | 1 | 2 | 3): string =>
    `Connection: ${['none', 'poor', 'fair', 'good'][level] ?? ''}`,
  noMicrophone: (why: DeviceProblem): string => `Microphone ${because[why]}: nobody hears you`,
  noCamera: (why: DeviceProblem): string => `Camera ${because[why]}: you are heard but not seen`,
  noDevices: (why: DeviceProblem): string =>
    `Microphone and camera ${because[why]}: you are neither heard nor seen`,
  playbackBlocked: 'The browser blocks the sound',
  turnSoundOn: 'Turn sound on',
};

/** The words of one language. */
export type Texts = typeof en;
