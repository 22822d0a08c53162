/**
 * The same call with the kit: its published script, its server, its dialogs and its call view. The variant `plain` uses no
 * elements of the kit, but shows the same as the other contestants.
 */
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
import type { CallInvitationService } from '../../src/core/service/types.js';
import { offer, readPlace } from './page.js';
import { createPlainDialog } from './plain-dialog.js';
import { showOwn, showRemote } from './plain-pictures.js';

const { signaling, way } = readPlace();
const plain = way === 'plain';
const provider = mountKit(signaling, !plain);
const dialog = createPlainDialog(() => void provider.then(({ service }) => service.accept()));
const dialogPainted = provider.then((mounted) =>
  painted(() => (plain ? dialog.element : acceptButton(mounted))),
);

void provider.then(({ service }) => {
  service.$call.listen(({ status: current }) => mark(`status ${current}`));
  service.listen('onOutgoingCallAccepted', () => mark('accept arrived'));
  if (plain) showPlainly(service);
});

function showPlainly(service: CallInvitationService): void {
  let [own, other]: (MediaStream | undefined)[] = [];
  service.listen('onIncomingCallReceived', (_callID, caller) => dialog.show(caller.userID));
  service.$localMedia.listen(({ stream }) => {
    if (stream && stream !== own) showOwn((own = stream));
  });
  service.$remoteMedia.listen((remote) => {
    const stream = [...remote.values()][0]?.stream;
    if (stream && stream !== other) showRemote((other = stream));
  });
}

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
    if (plain) {
      const at = mark('accept pressed');
      dialog.press();
      return at;
    }
    const host = document.querySelector('call-invitation-provider');
    const button = host && acceptButton(host as Awaited<typeof provider>);
    if (!button) throw new Error('The accept button is missing.');
    const at = mark('accept pressed');
    button.click();
    return at;
  },
  atRest,
  firstFrame,
  marks: allMarks,
  clockError,
});
