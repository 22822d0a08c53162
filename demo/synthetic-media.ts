/**
 * A camera and a microphone for machines that have none: a drawn picture and a quiet tone. For the demo and its
 * tests; no part of the kit, which sees `navigator.mediaDevices` and nothing else.
 */
import { chooseDevice, pictureFormat } from './synthetic-constraints.js';
import { drawPicture, type Sitter } from './synthetic-picture.js';
import { playTone } from './synthetic-tone.js';

export interface SyntheticMediaOptions {
  readonly user: Sitter;
  /** Also where there are real devices. Otherwise what is missing is made. */
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

const asObject = (wish: boolean | MediaTrackConstraints | undefined): MediaTrackConstraints =>
  typeof wish === 'object' ? wish : {};

/** The track says which device it comes from, as a real one does. */
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

/** What this page calls its media devices. A page that came over plain http has none, and gets an empty one. */
function ownDevices(): Devices {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices) return devices;
  const made = Object.assign(new EventTarget(), NO_DEVICES);
  Object.defineProperty(navigator, 'mediaDevices', { value: made, configurable: true });
  return made;
}

/**
 * Puts a made camera and microphone in the place of the real ones, for this page.
 *
 * Whether a real one exists is asked each time: a camera that is plugged in later is taken. The made ones honour the
 * size, the frame rate and the device that are asked for, ask nobody for permission, and end with their tracks.
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
