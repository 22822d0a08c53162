/**
 * A group call without the kit: simple-peer links and a Socket.IO relay, with the send policy of the kit. The order of messages is as in the kit: an invitation
 * to each invitee, an accept immediately followed by the offer to the caller, the caller's list of participants to all of
 * them, then a link between each two participants, offered by the one with the lower name. A link is created when the camera
 * is open.
 */
import type { SignalData } from 'simple-peer';
import { systemClock } from '../../src/core/clock/system-clock.js';
import { preferClearSpeech } from '../../src/core/media/opus.js';
import { SendControl } from '../../src/core/media/send-control.js';
import { SenderParameters } from '../../src/core/media/sender-parameters.js';
import type { ControlledLink } from '../../src/core/media/send-control.js';
import type { Outgoing } from '../../src/core/media/sources.js';
import SimplePeer from 'simple-peer/simplepeer.min.js';
import { connectBare } from './bare-socket.js';
import { createLatch } from './latch.js';
import { offerMesh } from './mesh-page.js';
import { camera, readPlace } from './page.js';
import { showTile } from './plain-pictures.js';
import { allMarks, atRest, now, pictures, traffic } from './probe.js';

type Message =
  | { readonly type: 'invite' | 'accept' }
  | { readonly type: 'in'; readonly users: readonly string[] }
  | { readonly type: 'signal'; readonly data: object };

type Peer = InstanceType<typeof SimplePeer>;

export function offerBareMesh(): void {
  const { user, signaling } = readPlace();
  const socket = connectBare<Message>(signaling, user);
  const rung = createLatch<undefined>();
  const links = new Map<string, Promise<Peer>>();
  /** Caller: users who have accepted. */
  const present: string[] = [];
  let caller = '';
  let media: Promise<MediaStream> | undefined;

  let opened: MediaStream | undefined;
  const control = new SendControl({
    clock: systemClock,
    settings: undefined,
    outgoing: () => outgoingOf(opened),
  });

  const openMedia = (): Promise<MediaStream> => (media ??= capture());
  async function capture(): Promise<MediaStream> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: camera });
    opened = stream;
    for (const track of stream.getVideoTracks()) track.contentHint = 'motion';
    showTile(stream, true);
    return stream;
  }

  async function build(to: string, initiator: boolean): Promise<Peer> {
    const stream = await openMedia();
    const peer = new SimplePeer({
      initiator,
      stream,
      config: { iceServers: [] },
      sdpTransform: (sdp: unknown) => preferClearSpeech(String(sdp)),
    });
    control.add(
      to,
      limited(peer, () => control.refresh()),
    );
    peer.on('signal', (data) => socket.send(to, { type: 'signal', data }));
    peer.on('stream', (remote) => showTile(remote, false));
    return peer;
  }

  function link(to: string, initiator: boolean): Promise<Peer> {
    const made = links.get(to) ?? build(to, initiator);
    links.set(to, made);
    return made;
  }

  socket.listen((message, from) => {
    switch (message.type) {
      case 'invite':
        caller = from;
        rung.resolve(undefined);
        break;
      case 'accept':
        present.push(from);
        for (const each of present) socket.send(each, { type: 'in', users: present });
        break;
      case 'in':
        for (const other of message.users) if (user < other) void link(other, true);
        break;
      case 'signal':
        void link(from, false).then((peer) => peer.signal(message.data as SignalData));
    }
  });

  offerMesh({
    ready: () => socket.connected(),
    async call(users) {
      for (const each of users) socket.send(each, { type: 'invite' });
      await openMedia();
    },
    rung: async () => rung.promise.then(() => {}),
    atRest,
    accept() {
      const at = now();
      socket.send(caller, { type: 'accept' });
      void link(caller, true);
      return at;
    },
    pictures,
    renders: () => 0,
    traffic,
    marks: allMarks,
  });
}

function outgoingOf(stream: MediaStream | undefined): Outgoing {
  return {
    tracks: {
      microphone: stream?.getAudioTracks()[0] ?? null,
      camera: stream?.getVideoTracks()[0] ?? null,
      screen: null,
    },
    flags: { microphone: !!stream, camera: !!stream, screen: false },
    streams: { main: stream, screen: undefined },
  };
}

/** Lets the send policy control the senders of a link. */
function limited(peer: Peer, changed: () => void): ControlledLink {
  const { _pc: connection } = peer as Peer & { readonly _pc: RTCPeerConnection };
  const senders = connection
    .getSenders()
    .map((sender) => ({ sender, parameters: new SenderParameters(sender, undefined) }));
  let state: ControlledLink['state'] = 'opening';
  const become = (next: ControlledLink['state']): void => {
    state = next;
    changed();
  };
  connection.addEventListener('connectionstatechange', () => {
    if (connection.connectionState === 'connected') become('up');
    else if (connection.connectionState === 'disconnected') become('down');
  });
  peer.on('close', () => become('closed'));
  return {
    get state() {
      return state;
    },
    shows: {},
    stats: () => connection.getStats().catch(() => undefined),
    limit({ microphone, camera }) {
      for (const { sender, parameters } of senders) {
        parameters.set(sender.track?.kind === 'video' ? camera : microphone);
      }
    },
  };
}
