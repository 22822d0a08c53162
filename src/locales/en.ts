import { plural } from './plural.js';

/** Why a microphone or camera can't be used. */
export type DeviceProblem =
  'denied' | 'dismissed' | 'system' | 'policy' | 'insecure' | 'missing' | 'busy' | 'failed';

/** Browsers that show their permissions in different places. */
export type BrowserKind = 'chromium' | 'firefox' | 'safari' | 'ios' | 'android' | 'other';

const because: Record<DeviceProblem, string> = {
  denied: 'not allowed',
  dismissed: 'not allowed yet',
  system: 'not allowed by the system',
  policy: 'not allowed on this page',
  insecure: 'only on a secure (https) page',
  missing: 'not found',
  busy: 'in use by another app',
  failed: 'could not be opened',
};

const allow: Record<BrowserKind, string> = {
  chromium: 'Click the icon beside the address, allow it, and try again',
  firefox: 'Click the crossed-out icon in the address bar, remove the block, and try again',
  safari: 'Choose Safari › Settings for This Website, allow it, and try again',
  ios: 'Tap the page menu beside the address, then Website Settings, allow it, and try again',
  android: 'Tap the icon beside the address, then Permissions, allow it, and try again',
  other: 'Allow it in the browser’s settings of this page, and try again',
};

const advice: Record<Exclude<DeviceProblem, 'denied'>, string> = {
  dismissed: 'Try again, and choose “Allow” when the browser asks',
  system: 'Allow it for this browser in the privacy settings of the system, and try again',
  policy: 'The surrounding page does not allow it. Open the call in a tab of its own',
  insecure: 'Open this page with https',
  missing: 'Plug one in, or check its cable and switch',
  busy: 'Close the other app or tab that uses it, and try again',
  failed: 'Plug it in again, or restart the browser',
};

/**
 * English: defines the texts and their parameters for all languages. It is loaded without delay, the others on demand.
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
  more: plural('en', { one: '# more', other: '# more' }),
  /** Read aloud when a call arrives. */
  isCalling: (name: string): string => `${name} is calling`,
  accept: 'Accept',
  decline: 'Decline',
  /** Read aloud when a call arrives: `keys` is a keyboard shortcut. */
  acceptShortcut: (keys: string): string => `Press ${keys} to accept`,
  /** Answers a video call with the camera off. */
  acceptVoice: 'Voice only',
  /** Puts the running call on hold, and accepts a second one. */
  holdAndAccept: 'Hold and accept',
  endAndAccept: 'End and accept',
  /** Puts the call on hold. */
  hold: 'Hold',
  /** Continues the call on hold. */
  resume: 'Resume',
  /** Puts the running call on hold, and continues the other one. */
  swap: 'Swap calls',
  mergeCalls: 'Merge calls',
  transferCall: 'Transfer',
  transferHint: 'Connects both and leaves the call',
  transferringTo: (to: string): string => `Transferring to ${to}…`,
  transferredBy: (by: string, to: string): string => `${by} is connecting you with ${to}`,
  transferFailed: (to: string): string => `The call couldn’t be transferred to ${to}`,
  onHold: 'On hold',
  onHoldBy: (name: string): string => `${name} has put you on hold`,
  /** Stops the ringing of this call. */
  silence: 'Silence',
  previewCamera: 'Preview camera',
  closePreview: 'Close preview',
  declineWithMessage: 'Decline with a message',
  /** Messages with which a call can be declined, if the page has none of its own. */
  declineMessages: [
    'I’ll call you back',
    'I’m in a meeting',
    'Can’t talk now, please write to me',
  ] as readonly string[],
  /** The call is accepted, the connection is being established. */
  connecting: 'Connecting…',
  soundBlocked: 'Sound is blocked',
  ringAloud: 'Turn on ringtone',

  // Ends
  missedCall: 'Missed call',
  callEnded: 'Call ended',
  mediaFailed: 'Couldn’t connect',
  answeredElsewhere: 'Answered on another device',
  declinedElsewhere: 'Declined on another device',

  // Starting a call
  call: 'Call',
  unsupportedHere: 'This browser doesn’t support calls',
  notConnected: 'No connection. Try again in a moment',
  callFailed: 'Couldn’t place the call',
  /** A call can't be placed during another one. */
  alreadyInCall: 'You’re already in a call',

  // How an outgoing call has ended
  declined: 'Call declined',
  busy: 'On another call',
  noAnswer: 'No answer',
  unreachable: 'Couldn’t reach them',
  unsupported: 'Their browser doesn’t support calls',
  connectionLost: 'Connection lost',

  // Outgoing and ongoing calls
  calling: 'Calling…',
  ringing: 'Ringing…',
  reconnecting: 'Reconnecting…',
  /** While the connection of this user, or of others, is being restored. `names` is a list in this language. */
  yourConnectionLost: 'Your connection was lost. Reconnecting…',
  theirConnectionLost: (names: string): string => `${names}’s connection was lost. Reconnecting…`,
  yourConnectionPoor: 'Your connection is poor',
  theirConnectionPoor: (names: string): string => `${names}’s connection is poor`,
  /** After the connection of a call was lost. */
  redial: 'Call again',
  /** In a tile whose picture is not sent because the network is too slow. */
  picturePaused: 'Picture paused to keep the sound clear',
  /** The same in the tile of this user, in a group. `names` is a list in this language. */
  picturePausedFor: (names: string): string =>
    `Picture paused for ${names} to keep the sound clear`,
  notReached: (names: string): string => `Still trying to reach ${names}`,
  cancel: 'Cancel',
  hangUp: 'Hang up',
  /** The button that opens further controls of a call. */
  moreControls: 'More',
  /** Accessible name of the region that shows the call. */
  callWith: (names: string): string => `Call with ${names}`,
  you: 'You',
  muteMicrophone: 'Mute microphone',
  unmuteMicrophone: 'Unmute microphone',
  turnCameraOn: 'Turn camera on',
  turnCameraOff: 'Turn camera off',
  shareScreen: 'Share screen',
  stopSharing: 'Stop sharing',
  sharesScreen: (name: string): string => `${name} is sharing their screen`,
  youShareScreen: 'You’re sharing your screen',
  youShareWindow: 'You’re sharing a window',
  youShareTab: 'You’re sharing a browser tab',
  /** After one of the three texts above, if the shared screen has sound. */
  withSound: 'with sound',
  pauseSharing: 'Pause sharing',
  continueSharing: 'Continue sharing',
  /** In the note of the user who shares. */
  sharingPaused: 'Sharing is paused: the others see the last picture',
  /** In the tile of the screen, at the others. */
  screenPaused: (name: string): string => `${name} has paused the screen`,
  microphoneOff: 'Microphone is off',
  devices: 'Audio and video settings',
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
  /** The device that the browser or the system uses if none is selected. */
  defaultDevice: 'Default',
  /** A device without a label. */
  device: (number: number): string => `Device ${number}`,
  // Verification of a connection by emoji
  verify: 'Verify privacy',
  verifyHint:
    'Read these to each other, in this order. If both of you see the same, nobody is listening in.',
  verificationPending: 'The emoji will appear in a moment.',
  verificationUnavailable:
    'This connection cannot be verified. The other side may use an older version.',
  verificationFailed: (name: string): string =>
    `The connection to ${name} was closed: its encryption keys do not match. Somebody may be trying to listen in.`,
  /** Names of the 64 emoji, of a page whose language is not included; see src/locales/emoji-names.ts. */
  emojiNames: [] as readonly string[],
  minimise: 'Minimise',
  restore: 'Back to the call',
  /** The button that moves the minimised call, or its window. `moveBarHint` describes how, also for `resizeWindow` and `moveSelfView`. */
  moveBar: 'Move',
  /** The button that resizes the window of the call. */
  resizeWindow: 'Resize',
  moveBarHint: 'Drag, press, or use the arrow keys',
  /** The button that moves the user's own small picture. */
  moveSelfView: 'Move your picture',
  fullScreen: 'Full screen',
  exitFullScreen: 'Exit full screen',
  /** Picture-in-picture. */
  smallWindow: 'Show in a small window',
  closeSmallWindow: 'Close the small window',
  duration: 'Duration',
  /** From 0 (no media) to 3 (good). */
  quality: (level: 0 | 1 | 2 | 3): string =>
    `Connection: ${['none', 'poor', 'fair', 'good'][level] ?? ''}`,
  /** A device that can't be used, in the settings: whatever the call needs. */
  microphoneProblem: (why: DeviceProblem): string => `Microphone ${because[why]}`,
  cameraProblem: (why: DeviceProblem): string => `Camera ${because[why]}`,
  noMicrophone: (why: DeviceProblem): string => `Microphone ${because[why]}: nobody hears you`,
  noCamera: (why: DeviceProblem): string => `Camera ${because[why]}: you are heard but not seen`,
  noDevices: (why: DeviceProblem): string =>
    `Microphone and camera ${because[why]}: you are neither heard nor seen`,
  /** What the user can do about it in this browser. */
  deviceAdvice: (why: DeviceProblem, browser: BrowserKind): string =>
    why === 'denied' ? allow[browser] : advice[why],
  tryAgain: 'Try again',
  /** A device was unplugged, and another one is used. Both are labels of devices. */
  deviceReplaced: (lost: string, used: string): string =>
    `“${lost}” was unplugged. “${used}” is used now`,
  /** A selected device was plugged in again. */
  deviceReturned: (name: string): string => `“${name}” is back and is used again`,
  /** The user speaks while the microphone is off. */
  youAreMuted: 'You are muted',
  microphoneMutedBySystem:
    'The system or a switch on the device mutes your microphone: nobody hears you',
  cameraMutedBySystem: 'The system or a cover blocks your camera: you are heard but not seen',
  switchToBackCamera: 'Switch to the back camera',
  switchToFrontCamera: 'Switch to the front camera',

  // Device settings
  settings: 'Settings',
  cameraAndSound: 'Camera and sound',
  close: 'Close',
  /** The audio output for ringtones. */
  /** Switches of the processing of picture and sound. */
  blurBackground: 'Blur my background',
  replaceBackground: 'Replace my background',
  suppressNoise: 'Remove background noise',
  /** Below a switch that is off again, because the processing has failed. */
  effectFailed: 'This did not work, so it was switched off.',
  ringingDevice: 'Ringing',
  testSpeaker: 'Test speaker',
  testRingtone: 'Test ringtone',
  showPreview: 'Show camera preview',
  hidePreview: 'Hide camera preview',
  testMicrophone: 'Test microphone',
  stopTest: 'Stop test',
  microphoneLevel: 'Microphone level',
  onlyYou: 'Only you see and hear this',

  playbackBlocked: 'Sound is blocked',
  turnSoundOn: 'Turn on sound',
  viewIncomplete: 'The full view of the call could not be loaded',
  enlarge: (name: string): string => `Enlarge ${name}`,
  cancelInvitation: (name: string): string => `Stop calling ${name}`,
  invite: 'Invite',
  inviteToCall: 'Invite to the call',
  /** Next to the name of a user who can't be invited because they are in the call. */
  inCall: 'In the call',
  nobodyToInvite: 'Nobody to invite',
  tooManyMembers: (most: number): string => `At most ${most} people can be in one call`,
  mayNotInvite: 'You may not invite people into this call',
  alreadyInvited: 'They are in the call, or are being called already',
  inviteFailed: 'The invitation could not be sent',

  // Missed calls, and turning on their notifications
  missedCalls: 'Missed calls',
  /** Read aloud when the number changes; `count` is at least 1. */
  newMissedCalls: plural('en', { one: '# new missed call', other: '# new missed calls' }),
  noMissedCalls: 'No missed calls',
  /** Marks a missed call that the user has not seen yet. */
  unseen: 'New',
  callBack: (name: string): string => `Call ${name} back`,
  /** In place of `callBack` for a missed group call. */
  joinGroupCall: (name: string): string => `Join ${name}’s group call`,
  dismiss: (name: string): string => `Dismiss call from ${name}`,
  /** In place of `dismiss` for several calls. */
  dismissCalls: (name: string): string => `Dismiss all calls from ${name}`,
  dismissAll: 'Dismiss all',
  /** `count` is at least 1. */
  callsDismissed: plural('en', { one: 'Call dismissed', other: '# calls dismissed' }),
  /** On a button that shows the calls of one person and day; `count` is at least 2. */
  callCount: plural('en', { one: '# call', other: '# calls' }),
  /** On a button that shows the names of the other members; `count` is at least 1. */
  withOtherPeople: plural('en', { one: 'with # other', other: 'with # others' }),
  // Why a call was missed
  wasBusy: 'You were in a call',
  wasCanceled: 'Caller hung up',
  // Why calling back is not possible
  afterThisCall: 'You can call back after this call',
  connectionRefused: 'The connection was refused',

  // All calls
  callHistory: 'Calls',
  /** Accessible name of the choice between all, missed, incoming and outgoing calls. */
  showCalls: 'Show',
  allCalls: 'All',
  onlyMissed: 'Missed',
  onlyIncoming: 'Incoming',
  onlyOutgoing: 'Outgoing',
  noCalls: 'No calls yet',
  noIncomingCalls: 'No incoming calls',
  noOutgoingCalls: 'No outgoing calls',
  loadingCalls: 'Loading calls…',
  historyFailed: 'Some calls couldn’t be loaded',
  historyOff: 'Calls aren’t saved here',
  doNotDisturb: 'Do not disturb',
  /** `time` is a time of day, with the date if it is another day. */
  doNotDisturbUntil: (time: string): string => `Until ${time}`,
  blockedPeople: 'Blocked people',
  /** On a button beside the name. */
  unblock: 'Unblock',
  blockPerson: (name: string): string => `Block ${name}`,
  unblockPerson: (name: string): string => `Unblock ${name}`,
  incomingCall: 'Incoming',
  outgoingCall: 'Outgoing',
  declinedByYou: 'You declined',
  canceledByYou: 'You cancelled',
  /** `names` is a name, or a list of names in this language. */
  callAgain: (names: string): string => `Call ${names} again`,
  deleteCall: (names: string): string => `Delete call with ${names}`,
  deleteAllCalls: 'Delete all',
  /** `count` is at least 1. */
  callsDeleted: plural('en', { one: 'Call deleted', other: '# calls deleted' }),
  undo: 'Undo',
  /** `format` is CSV or JSON. */
  exportAs: (format: string): string => `Export as ${format}`,

  notificationsHint: 'Get notified about missed calls',
  turnOnNotifications: 'Turn on notifications',
  offerNotifications: 'Turn on notifications?',
  offerReason: 'You see missed calls even when you are not looking at this page.',
  turnOn: 'Turn on',
  notNow: 'Not now',
};

/** The texts of one language. */
export type Texts = typeof en;
