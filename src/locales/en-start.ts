/** English for starting a call. */
export const enStart = {
  call: 'Call',
  unsupportedHere: 'This browser cannot make calls',
  notConnected: 'No connection. Try again in a moment',
  callFailed: 'The call could not be placed',
};
