/** English for missed calls, and for turning on their notifications. */
export const enMissed = {
  missedCalls: 'Missed calls',
  /** Read aloud when it changes; at least one. */
  newMissedCalls: (count: number): string =>
    count === 1 ? '1 new missed call' : `${count} new missed calls`,
  noMissedCalls: 'No missed calls',
  /** Marks a missed call that nobody has looked at. */
  unseen: 'New',
  callBack: (name: string): string => `Call back: ${name}`,
  /** Instead of calling back one who called a group. */
  joinGroupCall: (name: string): string => `Join the group call: ${name}`,
  dismiss: (name: string): string => `Dismiss: ${name}`,
  dismissAll: 'Dismiss all',
  // Why a call was missed
  wasBusy: 'You were in a call',
  wasCanceled: 'Cancelled',
  // Why nobody can be called back
  afterThisCall: 'You can call back after this call',
  connectionRefused: 'The connection was refused',

  notificationsHint: 'Know at once when you miss a call',
  turnOnNotifications: 'Turn on notifications',
  offerNotifications: 'Turn on notifications?',
  offerReason: 'You see missed calls even when you are not looking at this page.',
  turnOn: 'Turn on',
  notNow: 'Not now',
};
