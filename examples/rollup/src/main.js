import 'ringkit/define';

const me = location.search.slice(1) || 'alice';
const other = me === 'alice' ? 'bob' : 'alice';
document.querySelector('h1').textContent = `You are ${me}`;

const button = document.querySelector('start-call-button');
button.textContent = `Call ${other}`;
button.callees = [other];

const provider = document.createElement('call-invitation-provider');
provider.signaling = 'ws://localhost:8787';
provider.invitationEvents = {
  onCallStateChanged: (call) => {
    document.querySelector('output').textContent = call.status;
  },
};
provider.userID = me;
document.body.append(provider);
