import { systemClock } from '../clock/system-clock.js';
import type { Clock } from '../ports/clock.js';
import type { DeviceChoices, DeviceChoiceStorage } from '../ports/device-choices.js';
import type { Logger } from '../ports/logger.js';
import type { CallMedia, LinkRef, MediaEvent, MediaFault } from '../ports/media.js';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import type { MediaSettings, PictureSizes } from '../ports/media-settings.js';
import { faultOf } from './capture.js';
import { browserAccess } from './device-access.js';
import { oneOf } from '../protocol/one-of.js';
import type { DeviceAccess } from './device-problem.js';
import { Devices, slotOf } from './devices.js';
import type { CaptureSlot, MediaDevicesSource } from './devices.js';
import { LocalCapture } from './local-media.js';
import { Mesh } from './mesh.js';
import { CallCertificates } from './verification/certificates.js';
import type { CallCertificate } from './verification/certificates.js';
import { webCrypto } from './verification/web-crypto.js';
import { Preview } from './preview.js';
import { levelOf, type LevelOf } from './track-level.js';

export interface CallMediaOptions {
  /** Returns the STUN and TURN servers; called for each link. No others are used: an empty list means none. */
  readonly iceServers: () => readonly RTCIceServer[];
  /** Called for each link. `relay` allows media only through TURN servers. Default: that of the browser, `all`. */
  readonly iceTransportPolicy?: () => RTCIceTransportPolicy | undefined;
  /** Returns the devices for capture; called at each use. Default: `navigator.mediaDevices`. */
  readonly mediaDevices?: () => MediaDevicesSource | undefined;
  /** Remembers the devices that the user selects. Default: in memory, as long as this object exists. */
  readonly deviceChoices?: DeviceChoiceStorage;
  /** Tells which access the page has to the devices. Default: asks the browser. */
  readonly deviceAccess?: (kind: CaptureSlot) => Promise<DeviceAccess>;
  /** Measures the level of a microphone. Default: with Web Audio. */
  readonly levelOf?: LevelOf;
  /**
   * Returns the constructor of peer connections; called for each link. Default: the browser's; undefined without
   * WebRTC.
   */
  readonly RTCPeerConnection?: () => typeof RTCPeerConnection | undefined;
  readonly clock?: Pick<Clock, 'after' | 'now'>;
  readonly logger?: Logger;
}

function memoryChoices(): DeviceChoiceStorage {
  let choices: DeviceChoices = {};
  return { read: () => choices, write: (next) => void (choices = next) };
}

interface Call {
  readonly id: string;
  readonly local: LocalCapture;
  readonly mesh: Mesh;
  readonly certificate: CallCertificate;
  /** The call on hold whose sources this one continues. */
  readonly like: string | undefined;
  isOnHold: boolean;
}

/** Events about the call that is shown; the others concern any call. */
const isAboutShown = oneOf<MediaEvent['type']>('local', 'remote', 'verification', 'link-report');

/**
 * Creates the media of one device in a browser: capture, and links by simple-peer. Its methods never throw or reject:
 * failures are `fault` and `link-failed` events. After `destroy()` its methods have no effect.
 */
export function createCallMedia(options: CallMediaOptions): CallMedia {
  const mediaDevices =
    options.mediaDevices ?? ((): MediaDevicesSource | undefined => navigator.mediaDevices);
  const connection = options.RTCPeerConnection ?? (() => globalThis.RTCPeerConnection);
  let handle: (event: MediaEvent) => void = () => {};
  /** The call whose media are reported, and that commands affect; the others are on hold. */
  let call: Call | undefined;
  const calls = new Map<string, Call>();
  let destroyed = false;
  let settings = (): MediaSettings => DEFAULT_MEDIA_SETTINGS;
  let receivesVideo = true;
  let sizes: ReadonlyMap<string, PictureSizes> = new Map();
  const emit = (event: MediaEvent): void => handle(event);
  const devices = new Devices({
    source: mediaDevices,
    storage: options.deviceChoices ?? memoryChoices(),
    changed: (list) => emit({ type: 'devices', devices: list }),
    speakerLost: () => {
      const cause = new DOMException('The selected speaker was unplugged.', 'NotFoundError');
      emit({ type: 'fault', fault: faultOf('speaker', cause) });
    },
  });
  const previews = new Set<Preview>();
  const capture = {
    mediaDevices,
    devices,
    access: options.deviceAccess ?? browserAccess,
    clock: options.clock ?? systemClock,
    levelOf: options.levelOf ?? levelOf,
    settings: () => settings(),
    fault: (fault: MediaFault) => emit({ type: 'fault', fault }),
  };

  const certificates = new CallCertificates(connection, options.clock ?? systemClock);
  certificates.prepare();

  function configuration(certificate: RTCCertificate | undefined): RTCConfiguration {
    const iceTransportPolicy = options.iceTransportPolicy?.();
    return {
      iceServers: [...options.iceServers()],
      ...(iceTransportPolicy && { iceTransportPolicy }),
      ...(certificate && { certificates: [certificate] }),
      // A single transport for all media sections needs fewer candidates, and connects sooner.
      bundlePolicy: 'max-bundle',
    };
  }

  function viewOf(user: string): PictureSizes {
    const showsNothing = !receivesVideo || settings().audioOnly;
    return showsNothing ? { camera: 0, screen: 0 } : (sizes.get(user) ?? {});
  }

  /** @returns a function that passes on the events of a call: some only while it is shown */
  const emitterOf =
    (callID: string) =>
    (event: MediaEvent): void => {
      if (call?.id === callID || !isAboutShown(event.type)) emit(event);
    };

  /** Reports the media of this call instead of those of the one before. */
  function show(next: Call): void {
    if (call === next) return;
    for (const user of call?.mesh.users ?? []) {
      emit({ type: 'remote', user, media: undefined });
      emit({ type: 'verification', user, verification: undefined });
    }
    call = next;
    emit({ type: 'local', media: next.local.media });
    next.mesh.showAll();
  }

  /** A new call ends the one before, unless that is on hold. */
  function enter(callID: string, like?: string): Call | undefined {
    const known = calls.get(callID);
    if (destroyed || known) return known;
    if (call && !call.isOnHold) leave(call);
    const emitHere = emitterOf(callID);
    const local = new LocalCapture({
      ...capture,
      changed: () => {
        mesh.send(local.outgoing);
        emitHere({ type: 'local', media: local.media });
      },
    });
    const certificate = certificates.of(callID);
    const mesh = new Mesh({
      configuration: () => configuration(certificate.value),
      RTCPeerConnection: connection,
      clock: options.clock ?? systemClock,
      logger: options.logger,
      outgoing: local.outgoing,
      // A device whose certificate changes with each link could not be recognized by the others.
      crypto: () => (certificate.value ? webCrypto() : undefined),
      settings: () => settings(),
      views: viewOf,
      emit: emitHere,
    });
    const entered = { id: callID, local, mesh, certificate, like, isOnHold: false };
    calls.set(callID, entered);
    if (call) show(entered);
    else call = entered;
    return entered;
  }

  /** What the user switches off stays off if the call that this one continues comes back. */
  async function set(slot: CaptureSlot, on: boolean): Promise<void> {
    if (!on) void calls.get(call?.like ?? '')?.local.set(slot, false);
    await call?.local.set(slot, on);
  }

  function leave(left: Call): void {
    const { id, local, mesh } = left;
    calls.delete(id);
    // While it is still shown, its end is reported.
    mesh.closeAll();
    for (const preview of previews) preview.endMeasurement();
    local.close();
    if (call === left) {
      call = undefined;
      sizes = new Map();
      emit({ type: 'local', media: local.media });
    }
    certificates.prepare();
  }

  /** Does something with the links of a call, unless it is over before its certificate is ready. */
  function withMesh(callID = call?.id ?? '', job: (mesh: Mesh) => void): void {
    const current = calls.get(callID);
    current?.certificate.whenReady(() => {
      if (calls.get(callID) === current) job(current.mesh);
    });
  }

  return {
    listen(listener) {
      handle = listener;
    },
    configure(read) {
      settings = read;
    },
    open(callID, start) {
      const { microphone, camera } = calls.get(start.like ?? '')?.local.wanted ?? start;
      enter(callID, start.like)?.local.open({
        microphone,
        camera: camera && !settings().audioOnly,
      });
    },
    openLink(link: LinkRef) {
      enter(link.callID);
      withMesh(link.callID, (mesh) => mesh.open(link));
    },
    signal(address, data) {
      withMesh(address.callID, (mesh) => mesh.signal(address, data));
    },
    closeLink(address) {
      withMesh(address.callID, (mesh) => mesh.close(address));
    },
    restartLinks() {
      for (const { mesh } of calls.values()) mesh.restart();
    },
    tellConnection(level) {
      for (const { mesh } of calls.values()) mesh.tellConnection(level);
    },
    close(callID) {
      const left = calls.get(callID);
      if (left) leave(left);
    },
    hold(callID, on) {
      const held = calls.get(callID);
      if (!held) return;
      held.isOnHold = on;
      held.mesh.hold(on);
      // The microphone is released.
      if (on) for (const preview of previews) preview.endMeasurement();
      held.local.hold(on);
    },
    show(callID) {
      const shown = calls.get(callID);
      if (shown) show(shown);
    },
    async setMicrophone(on) {
      await set('microphone', on);
    },
    async setCamera(on) {
      await set('camera', on && !settings().audioOnly);
    },
    async shareScreen(on, how) {
      await call?.local.screen.set(on && !settings().audioOnly, how);
    },
    pauseScreen(on) {
      call?.local.screen.pause(on);
    },
    setIncomingVideo(on) {
      receivesVideo = on;
      call?.mesh.tellViews();
    },
    setPictureSizes(shown) {
      sizes = shown;
      call?.mesh.tellViews();
    },
    async selectDevice(kind, deviceId) {
      const slot = slotOf(kind);
      const [first, ...others] = [call, ...previews].flatMap((user) => user?.local ?? []);
      if (!first || (slot !== 'microphone' && slot !== 'camera'))
        devices.choose(slot, deviceId || undefined);
      else {
        await first[slot].select(deviceId);
        await Promise.all(others.map((local) => local[slot].follow()));
      }
    },
    refreshProcessing() {
      for (const user of [call, ...previews]) user?.local.refreshProcessing();
    },
    async flipCamera() {
      await call?.local.camera.flip();
    },
    preview(changed) {
      const preview: Preview = new Preview({
        ...capture,
        changed: (media) => queueMicrotask(() => changed(media)),
        callMicrophone: () => call?.local.microphone.track,
        closed: () => previews.delete(preview),
      });
      if (destroyed) preview.close();
      else previews.add(preview);
      return preview;
    },
    async quality(user) {
      return call?.mesh.quality(user);
    },
    async audioLevels(self) {
      return call?.mesh.audioLevels(self) ?? new Map();
    },
    destroy() {
      for (const left of [...calls.values()]) leave(left);
      for (const preview of previews) preview.close();
      destroyed = true;
      handle = () => {};
    },
  };
}
