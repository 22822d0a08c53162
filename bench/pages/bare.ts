/**
 * A minimal call without a library: one RTCPeerConnection and a Socket.IO relay. The order of messages, and when the camera is
 * opened, are as in the kit: invite, ringing, accept immediately followed by the callee's offer, answer; trickle ICE. Nothing
 * waits for a camera: tracks are added to the connection when they are available.
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
import { connectBare } from './bare-socket.js';
import { createLatch } from './latch.js';
import { camera, offer, readPlace } from './page.js';
import { createPlainDialog } from './plain-dialog.js';
import { showOwn, showRemote } from './plain-pictures.js';

type Message =
  | { readonly type: 'invite' | 'ringing' | 'accept' }
  | { readonly type: 'description'; readonly description: RTCSessionDescriptionInit }
  | { readonly type: 'candidate'; readonly candidate: RTCIceCandidateInit };

const { user, signaling } = readPlace();
const socket = connectBare<Message>(signaling, user);
const dialog = createPlainDialog(accept);
const dialogPainted = painted(() => dialog.element);
const ringing = createLatch<undefined>();
let other = '';
let media: Promise<MediaStream> | undefined;
let connection: RTCPeerConnection | undefined;

const openMedia = (): Promise<MediaStream> => (media ??= capture());

async function capture(): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: camera });
  showOwn(stream);
  return stream;
}

function connect(): RTCPeerConnection {
  const made = new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' });
  const stream = new MediaStream();
  made.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate) socket.send(other, { type: 'candidate', candidate: candidate.toJSON() });
  });
  made.addEventListener('track', ({ track }) => {
    stream.addTrack(track);
    if (track.kind === 'video') showRemote(stream);
  });
  return (connection = made);
}

/** Adds the camera and the microphone to the connection as soon as they are open. */
async function attach(to: RTCPeerConnection): Promise<void> {
  const tracks = (await openMedia()).getTracks();
  for (const { sender, receiver } of to.getTransceivers()) {
    const track = tracks.find(({ kind }) => kind === receiver.track.kind);
    if (track) await sender.replaceTrack(track);
  }
}

async function describe(made: RTCPeerConnection): Promise<void> {
  await made.setLocalDescription();
  const description = made.localDescription;
  if (!description) return;
  mark(`${description.type} sent`);
  socket.send(other, {
    type: 'description',
    description: { type: description.type, sdp: description.sdp },
  });
}

function accept(): void {
  socket.send(other, { type: 'accept' });
  const made = connect();
  made.addTransceiver('audio', { direction: 'sendrecv' });
  made.addTransceiver('video', { direction: 'sendrecv' });
  void describe(made);
  void attach(made);
}

async function take(description: RTCSessionDescriptionInit): Promise<void> {
  mark(`${description.type} arrived`);
  if (description.type === 'answer') {
    await connection?.setRemoteDescription(description);
    return;
  }
  const made = connect();
  await made.setRemoteDescription(description);
  for (const transceiver of made.getTransceivers()) transceiver.direction = 'sendrecv';
  void attach(made);
  await describe(made);
}

socket.listen((message, from) => {
  other = from;
  switch (message.type) {
    case 'invite':
      dialog.show(from);
      socket.send(from, { type: 'ringing' });
      break;
    case 'ringing':
      ringing.resolve(undefined);
      break;
    case 'accept':
      mark('accept arrived');
      break;
    case 'description':
      void take(message.description);
      break;
    case 'candidate':
      void connection?.addIceCandidate(message.candidate);
  }
});

offer({
  ready: () => socket.connected(),
  async call(callee) {
    const at = now();
    other = callee;
    socket.send(callee, { type: 'invite' });
    await openMedia();
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
