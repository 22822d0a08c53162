/**
 * Data that is recorded in a test page. The script runs before any script of the page, and does not change its
 * behaviour. It is inserted as text, so it must not refer to anything outside of it.
 */
export interface Probe {
  /** Callbacks in order, each with its arguments. */
  readonly log: { name: string; args: unknown[]; connections?: number }[];
  /** Each status of the call since the page was loaded, with the reason of an end: `ended: declined`. */
  readonly statuses: string[];
  /** DOM events of the provider, by name, in order. */
  readonly events: string[];
  readonly connections: RTCPeerConnection[];
  readonly candidates: { count: number };
  /** Tracks of devices and screens. */
  readonly tracks: MediaStreamTrack[];
  /** Those of screens alone. */
  readonly screens: MediaStreamTrack[];
  readonly audio: AudioContext[];
  readonly errors: string[];
  /** Configurations of all created peer connections. */
  readonly configurations: unknown[];
  /** Tags of the notifications that this page has shown through the worker. */
  readonly notified: string[];
  /** Notifications that this page has shown without a worker. */
  readonly own: Notification[];
}

declare global {
  interface Window {
    probe: Probe;
  }
}

export function installProbe(): void {
  // The script may be added both to the page and to its browser context.
  if ((window as { probe?: Probe }).probe) return;
  const probe: Probe = {
    log: [],
    statuses: [],
    events: [],
    connections: [],
    candidates: { count: 0 },
    tracks: [],
    screens: [],
    audio: [],
    errors: [],
    configurations: [],
    notified: [],
    own: [],
  };
  window.probe = probe;
  window.addEventListener('error', ({ message }) => probe.errors.push(message));
  window.addEventListener('unhandledrejection', ({ reason }) => probe.errors.push(String(reason)));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    probe.errors.push(`${violatedDirective} ${blockedURI}`),
  );
  const Connection = window.RTCPeerConnection as typeof RTCPeerConnection | undefined;
  if (Connection)
    window.RTCPeerConnection = class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        probe.configurations.push(configuration);
        probe.connections.push(this);
        this.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate) probe.candidates.count += 1;
        });
      }

      override close(): void {
        super.close();
        this.dispatchEvent(new Event('probe-close'));
      }
    };
  const Registration = window.ServiceWorkerRegistration as
    typeof ServiceWorkerRegistration | undefined;
  if (Registration) {
    const { showNotification } = Registration.prototype;
    Registration.prototype.showNotification = function (title, options) {
      probe.notified.push(options?.tag ?? '');
      // Not while the tests query notifications: see NOTICES_LOCK.
      return navigator.locks.request('notifications of the tests', () =>
        showNotification.call(this, title, options),
      );
    };
  }
  const Own = window.Notification as typeof Notification | undefined;
  if (Own)
    window.Notification = class extends Own {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        probe.own.push(this);
      }
    };
  const Context = window.AudioContext;
  window.AudioContext = class extends Context {
    constructor(options?: AudioContextOptions) {
      super(options);
      probe.audio.push(this);
    }
  };
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices) {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      probe.tracks.push(...stream.getTracks());
      return stream;
    };
    if ('getDisplayMedia' in devices) {
      const share = devices.getDisplayMedia.bind(devices);
      devices.getDisplayMedia = async (options) => {
        const stream = await share(options);
        probe.tracks.push(...stream.getTracks());
        probe.screens.push(...stream.getTracks());
        return stream;
      };
    }
  }
}
