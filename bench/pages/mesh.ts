/** A member of a group call. All cameras have a low resolution, because the machine encodes video for many links. */
import './probe.js';
import { offerBareMesh } from './mesh-bare.js';
import { offerKitMesh } from './mesh-kit.js';
import { readPlace } from './page.js';

const openMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (constraints) =>
  openMedia({
    ...constraints,
    ...(constraints?.video && { video: { width: 320, height: 240, frameRate: 10 } }),
  });

const { way } = readPlace();
if (way === 'bare') offerBareMesh();
else offerKitMesh(way === 'ringkit');
