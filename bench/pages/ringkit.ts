/** The same call by the kit: its published script, its server, its own dialogs and its own call view. */
import {
  allMarks,
  atRest,
  cameraOpen,
  clockError,
  firstFrame,
  mark,
  now,
  painted,
} from './probe.js';
import { acceptButton, connected, mountKit, status } from './kit.js';
import { offer, readPlace } from './page.js';

const provider = mountKit(readPlace().signaling);
const dialogPainted = provider.then((mounted) => painted(() => acceptButton(mounted)));

void provider.then(({ service }) => {
  service.$call.listen(({ status: current }) => mark(`status ${current}`));
  service.listen('onOutgoingCallAccepted', () => mark('accept arrived'));
});

offer({
  ready: async () => connected(await provider),
  async call(callee) {
    const { service } = await provider;
    const at = now();
    await service.send({ invitees: [callee], callType: 'video' });
    return at;
  },
  async ringing() {
    await Promise.all([status(await provider, 'ringing-out'), cameraOpen()]);
  },
  rung: async () => dialogPainted,
  accept() {
    const host = document.querySelector('call-invitation-provider');
    const button = host && acceptButton(host as Awaited<typeof provider>);
    if (!button) throw new Error('There is no accept button.');
    const at = mark('accept pressed');
    button.click();
    return at;
  },
  atRest,
  firstFrame,
  marks: allMarks,
  clockError,
});
