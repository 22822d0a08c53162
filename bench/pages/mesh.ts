/**
 * A member of a group call. Usually all cameras have a low resolution, because the machine encodes video for many links.
 * `camera=large` opens them as the contestant asks for it; `limits=off` ignores all parameters of senders, so that the
 * browser alone decides what is sent.
 */
import './probe.js';
import { offerBareMesh } from './mesh-bare.js';
import { offerKitMesh } from './mesh-kit.js';
import { readPlace } from './page.js';

const query = new URLSearchParams(location.search);
const openMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
if (query.get('camera') !== 'large') {
  navigator.mediaDevices.getUserMedia = (constraints) =>
    openMedia({
      ...constraints,
      ...(constraints?.video && { video: { width: 320, height: 240, frameRate: 10 } }),
    });
}
if (query.get('limits') === 'off') RTCRtpSender.prototype.setParameters = async () => {};

const { way } = readPlace();
if (way === 'bare') offerBareMesh();
else offerKitMesh(way === 'ringkit');
