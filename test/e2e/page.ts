/**
 * The script of a test page: one provider whose callbacks and events are written down. The page's address says who.
 * It is handed to the page as text, so it names nothing outside itself.
 */
export function runPage(): void {
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
  const { probe } = window;
  const hooks = window as { onCallback?: (name: string, provider: HTMLElement) => void };
  const provider = document.createElement('call-invitation-provider');
  const invitationEvents: Record<string, (...args: unknown[]) => void> = {
    onError: (error) => probe.log.push({ name: 'onError', args: [String(error)] }),
  };
  for (const name of names) {
    invitationEvents[`on${name}`] = (...args) => {
      const connections = probe.connections.length;
      probe.log.push({ name: `on${name}`, args: structuredClone(args), connections });
      hooks.onCallback?.(`on${name}`, provider);
    };
    const event = name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
    provider.addEventListener(event, () => probe.events.push(event));
  }
  // Properties, also where the kit is loaded later than this.
  Object.assign(provider, {
    invitationEvents,
    userID: parameters.get('user'),
    userName: parameters.get('name'),
    signaling: parameters.get('signaling') ?? 'local:',
  });
  document.body.append(provider);
}
