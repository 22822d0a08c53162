/**
 * A camera and a microphone for machines without them: a drawn picture and a quiet tone. Only for the demo and its tests;
 * ringkit itself uses `navigator.mediaDevices`.
 */
import { chooseDevice, pictureFormat } from './synthetic-constraints.js';
import { drawPicture, type Sitter } from './synthetic-picture.js';
import { playTone } from './synthetic-tone.js';

export interface SyntheticMediaOptions {
  readonly user: Sitter;
  /** Replaces real devices as well. Otherwise only missing devices are added. */
  readonly always: boolean;
}

interface MadeDevice {
  readonly kind: MediaDeviceKind;
  readonly deviceId: string;
  readonly label: string;
  readonly facingMode?: string;
}

type MadeDevices = readonly [MadeDevice, ...MadeDevice[]];

const CAMERAS: MadeDevices = [
  { kind: 'videoinput', deviceId: 'drawn-front', label: 'Drawn picture', facingMode: 'user' },
  {
    kind: 'videoinput',
    deviceId: 'drawn-back',
    label: 'Drawn picture, other colours',
    facingMode: 'environment',
  },
];
const MICROPHONES: MadeDevices = [{ kind: 'audioinput', deviceId: 'tone', label: 'Quiet tone' }];
const MADE: readonly MadeDevice[] = [...CAMERAS, ...MICROPHONES];

type Devices = Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'>;

const NO_DEVICES: Devices = {
  getUserMedia: () => Promise.reject(new DOMException('No device.', 'NotFoundError')),
  enumerateDevices: () => Promise.resolve([]),
};

const asObject = (
  constraints: boolean | MediaTrackConstraints | undefined,
): MediaTrackConstraints => (typeof constraints === 'object' ? constraints : {});

/** Makes a track name its device, as a track of a real device does. */
function from(track: MediaStreamTrack, { deviceId, label, facingMode }: MadeDevice) {
  const getSettings = track.getSettings.bind(track);
  track.getSettings = () => ({ ...getSettings(), deviceId, ...(facingMode ? { facingMode } : {}) });
  Object.defineProperty(track, 'label', { value: label });
  return track;
}

function makePicture(user: Sitter, constraints: MediaTrackConstraints): MediaStreamTrack {
  const camera = chooseDevice(CAMERAS, constraints);
  const mark = camera.facingMode === 'user' ? 0 : 120;
  return from(drawPicture(user, pictureFormat(constraints), mark), camera);
}

function makeTone(user: Sitter, constraints: MediaTrackConstraints): MediaStreamTrack {
  const microphone = chooseDevice(MICROPHONES, constraints);
  return from(playTone(user.userID), microphone);
}

/** The page's `navigator.mediaDevices`. A page over plain HTTP has none; it gets an empty one. */
function ownDevices(): Devices {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices) return devices;
  const made = Object.assign(new EventTarget(), NO_DEVICES);
  Object.defineProperty(navigator, 'mediaDevices', { value: made, configurable: true });
  return made;
}

/**
 * Replaces the camera and the microphone of this page by synthetic ones.
 *
 * Each request checks whether real devices exist, so a camera that is plugged in later is used. Synthetic devices honour
 * the requested size, frame rate and device, need no permission, and are released when their tracks end.
 */
export function installSyntheticMedia({ user, always }: SyntheticMediaOptions): void {
  const devices = ownDevices();
  const real: Devices = {
    getUserMedia: devices.getUserMedia.bind(devices),
    enumerateDevices: devices.enumerateDevices.bind(devices),
  };

  async function realDevices(): Promise<MediaDeviceInfo[]> {
    return always ? [] : real.enumerateDevices();
  }

  devices.getUserMedia = async (constraints = {}) => {
    const { audio = false, video = false, ...others } = constraints;
    if (audio === false && video === false) return real.getUserMedia(constraints);
    const kinds = new Set((await realDevices()).map(({ kind }) => kind));
    const realAudio = kinds.has('audioinput') && audio;
    const realVideo = kinds.has('videoinput') && video;
    const made: MediaStreamTrack[] = [];
    try {
      if (video !== realVideo) made.push(makePicture(user, asObject(video)));
      if (audio !== realAudio) made.push(makeTone(user, asObject(audio)));
      const stream =
        realAudio === false && realVideo === false
          ? new MediaStream()
          : await real.getUserMedia({ ...others, audio: realAudio, video: realVideo });
      for (const track of made) stream.addTrack(track);
      return stream;
    } catch (error) {
      for (const track of made) track.stop();
      throw error;
    }
  };

  devices.enumerateDevices = async () => {
    const known = await realDevices();
    const missing = MADE.filter(({ kind }) => !known.some((device) => device.kind === kind));
    const made = missing.map(({ kind, deviceId, label }) => {
      const info = { kind, deviceId, label, groupId: 'synthetic' };
      return { ...info, toJSON: () => info };
    });
    return [...known, ...made];
  };
}
