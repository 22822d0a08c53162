// @ts-nocheck -- it runs in a page, as it is
// The script of a test page: one provider whose callbacks and events are written down. The page's address says who.
const parameters = new URLSearchParams(location.search);
const names = [
  'IncomingCallReceived',
  'IncomingCallCanceled',
  'IncomingCallTimeout',
  'IncomingCallDeclineButtonPressed',
  'IncomingCallAcceptButtonPressed',
  'OutgoingCallCancelButtonPressed',
  'OutgoingCallAccepted',
  'OutgoingCallDeclined',
  'OutgoingCallRejectedCauseBusy',
  'OutgoingCallTimeout',
  'InvitationUserStateChanged',
];
const provider = document.createElement('call-invitation-provider');
const invitationEvents = {
  onError: (error) => window.probe.log.push({ name: 'onError', args: [String(error)] }),
};
for (const name of names) {
  invitationEvents[`on${name}`] = (...args) => {
    window.probe.log.push({
      name: `on${name}`,
      args: structuredClone(args),
      connections: window.probe.connections.length,
    });
    window.onCallback?.(`on${name}`, provider);
  };
  const event = name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
  provider.addEventListener(event, () => window.probe.events.push(event));
}
provider.invitationEvents = invitationEvents;
provider.userID = parameters.get('user');
provider.userName = parameters.get('name');
provider.signaling = parameters.get('signaling') ?? 'local:';
document.body.append(provider);

export {};
