import type { CallInvitationService } from '../../src/core/service/types.js';
import { connected, mountKit, status, type Provider } from './kit.js';
import { offerMesh } from './mesh-page.js';
import { readPlace } from './page.js';
import { showTile } from './plain-pictures.js';
import { allMarks, atRest, now, pictures, traffic } from './probe.js';

/** A group call with the kit: its published script, its server, and optionally its elements. */
export function offerKitMesh(elements: boolean): void {
  let renders = 0;
  let service: CallInvitationService | undefined;
  const provider = mountKit(readPlace().signaling, elements).then((mounted) => {
    ({ service } = mounted);
    countRenders(mounted, () => (renders += 1));
    if (!elements) showPlainly(mounted.service);
    return mounted;
  });

  offerMesh({
    ready: async () => connected(await provider),
    async call(users) {
      await (await provider).service.send({ invitees: users, callType: 'video' });
    },
    rung: async () => status(await provider, 'incoming'),
    atRest,
    accept() {
      const at = now();
      void service?.accept();
      return at;
    },
    pictures,
    renders: () => renders,
    traffic,
    marks: allMarks,
  });
}

/** Counts renders: all elements of the kit inherit the method that renders them from one class. */
function countRenders(provider: Provider, count: () => void): void {
  let base = provider as object;
  while (!Object.hasOwn(base, 'performUpdate')) base = Object.getPrototypeOf(base) as object;
  const element = base as { performUpdate: (this: unknown) => void };
  const { performUpdate } = element;
  element.performUpdate = function () {
    count();
    performUpdate.call(this);
  };
}

function showPlainly(service: CallInvitationService): void {
  const shown = new Set<MediaStream>();
  const show = (stream: MediaStream | undefined, own: boolean): void => {
    if (!stream || shown.has(stream)) return;
    shown.add(stream);
    showTile(stream, own);
  };
  service.$localMedia.listen(({ stream }) => show(stream, true));
  service.$remoteMedia.listen((remote) => {
    for (const { stream } of remote.values()) show(stream, false);
  });
}
