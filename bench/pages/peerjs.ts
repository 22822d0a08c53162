/**
 * The same call with PeerJS and its own server, in two variants.
 *
 * - `call-first`, as in its documentation: the caller opens the camera and calls. The offer and the candidates arrive before
 *   the callee accepts, and accepting opens the camera and answers.
 * - `accept-first`, as in the kit: the invitation and the answer go over a data connection, and media is set up only after the
 *   accept. Then the caller calls, and the callee answers with its camera.
 */
import Peer from 'peerjs';
import type { DataConnection, MediaConnection } from 'peerjs';
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
import { createLatch } from './latch.js';
import { camera, offer, readPlace } from './page.js';
import { createPlainDialog } from './plain-dialog.js';
import { showOwn, showRemote } from './plain-pictures.js';

const { user, signaling, way } = readPlace();
const { hostname, port } = new URL(signaling);
const peer = new Peer(user, {
  host: hostname,
  port: Number(port),
  path: '/',
  config: { iceServers: [] },
});
const opened = new Promise<void>((resolve) => peer.once('open', () => resolve()));
const dialog = createPlainDialog(accept);
const dialogPainted = painted(() => dialog.element);
const ringing = createLatch<undefined>();
let media: Promise<MediaStream> | undefined;
let invitation: DataConnection | undefined;
let offered: MediaConnection | undefined;

const openMedia = (): Promise<MediaStream> => (media ??= capture());

async function capture(): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: camera });
  showOwn(stream);
  return stream;
}

/** Shows remote streams. PeerJS emits a stream once for each of its tracks. */
function watch(call: MediaConnection): void {
  const seen = new Set<MediaStream>();
  call.on('stream', (stream) => {
    if (seen.has(stream)) return;
    seen.add(stream);
    showRemote(stream);
  });
}

async function answer(call: MediaConnection): Promise<void> {
  const stream = await openMedia();
  mark('answered');
  call.answer(stream);
}

function accept(): void {
  if (offered) void answer(offered);
  else {
    void invitation?.send('accept');
    void openMedia();
  }
}

async function callBack(callee: string): Promise<void> {
  const call = peer.call(callee, await openMedia());
  watch(call);
}

function invite(callee: string): void {
  const connection = peer.connect(callee, { reliable: true });
  connection.on('open', () => void connection.send('invite'));
  connection.on('data', (data) => {
    if (data === 'ringing') ringing.resolve(undefined);
    if (data === 'accept') void callBack(callee);
  });
}

peer.on('connection', (connection) => {
  invitation = connection;
  connection.on('data', (data) => {
    if (data !== 'invite') return;
    dialog.show(connection.peer);
    void connection.send('ringing');
  });
});

peer.on('call', (call) => {
  mark('call arrived');
  watch(call);
  if (way === 'accept-first') {
    void answer(call);
  } else {
    offered = call;
    dialog.show(call.peer);
  }
});

offer({
  ready: async () => opened,
  async call(callee) {
    const at = now();
    if (way === 'accept-first') {
      invite(callee);
      await openMedia();
    } else {
      await callBack(callee);
      // PeerJS does not report ringing: all that is known is that the call was placed.
      ringing.resolve(undefined);
    }
    return at;
  },
  async ringing() {
    await Promise.all([ringing.promise, cameraOpen()]);
  },
  rung: () => dialogPainted,
  accept() {
    const at = mark('accept pressed');
    dialog.press();
    return at;
  },
  atRest,
  firstFrame,
  marks: allMarks,
  clockError,
});
