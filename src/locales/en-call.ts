/** Whether sound and picture of this device reach the others: what is missing, and why. */
export type DeviceProblem = 'blocked' | 'missing' | 'busy' | 'insecure';

const because: Record<DeviceProblem, string> = {
  blocked: 'blocked by the browser',
  missing: 'not found',
  busy: 'in use by another app',
  insecure: 'only on a secure (https) page',
};

/** English for calls that ring out, and that run. */
export const enCall = {
  // Ends
  declined: 'Declined',
  busy: 'Busy',
  noAnswer: 'No answer',
  unreachable: 'Could not be reached',
  unsupported: 'Their browser cannot take calls',
  connectionLost: 'Connection lost',

  calling: 'Calling…',
  ringing: 'Ringing…',
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
  /** The device that the browser or the system takes where none is chosen. */
  defaultDevice: 'Default',
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
  viewIncomplete: 'The full view of the call could not be loaded',
  enlarge: (name: string): string => `Enlarge: ${name}`,
  cancelInvitation: (name: string): string => `Cancel the invitation: ${name}`,
  invite: 'Invite',
  inviteToCall: 'Invite to the call',
  /** Beside the name of one who can't be invited again. */
  inCall: 'In the call',
  nobodyToInvite: 'Nobody to invite',
  tooManyMembers: (most: number): string => `At most ${most} people can be in one call`,
  mayNotInvite: 'You may not invite people into this call',
  alreadyInvited: 'They are in the call, or are being called already',
  inviteFailed: 'The invitation could not be sent',
};
