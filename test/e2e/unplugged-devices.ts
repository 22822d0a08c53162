/** What a page with `installUnpluggableDevices` can do. */
export interface Plugs {
  /** Removes a device: its tracks end, it is not in the list, and can't be opened. */
  unplug(deviceId: string): void;
  plug(deviceId: string): void;
}

/**
 * Lets the browser's fake devices be unplugged, which the browser itself cannot simulate. Runs in the page.
 * A request for an unplugged device gets the first one that is left, as in a browser.
 */
export function installUnpluggableDevices(): void {
  const gone = new Set<string>();
  const tracks: MediaStreamTrack[] = [];
  const { mediaDevices } = navigator;
  const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  const present = async (): Promise<MediaDeviceInfo[]> =>
    (await enumerate()).filter(({ deviceId }) => !gone.has(deviceId));
  mediaDevices.enumerateDevices = present;
  mediaDevices.getUserMedia = async (constraints = {}) => {
    const kind = constraints.audio ? 'audio' : 'video';
    const wanted = Object(constraints[kind]) as MediaTrackConstraints;
    const { exact, ideal } = Object(wanted.deviceId) as ConstrainDOMStringParameters;
    if (gone.has(String(exact)))
      throw new DOMException('Requested device not found', 'NotFoundError');
    const left = (await present()).filter((device) => device.kind === `${kind}input`);
    if (left.length === 0) throw new DOMException('Requested device not found', 'NotFoundError');
    const isGone =
      exact === undefined && (ideal === undefined ? gone.size > 0 : gone.has(String(ideal)));
    const deviceId = isGone ? { exact: left[0]?.deviceId ?? '' } : wanted.deviceId;
    const stream = await ask({ [kind]: { ...wanted, ...(deviceId && { deviceId }) } });
    tracks.push(...stream.getTracks());
    return stream;
  };
  const change = (): boolean => mediaDevices.dispatchEvent(new Event('devicechange'));
  const plugs: Plugs = {
    unplug(deviceId) {
      gone.add(deviceId);
      change();
      for (const track of tracks) {
        if (track.readyState === 'ended' || track.getSettings().deviceId !== deviceId) continue;
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
    plug(deviceId) {
      gone.delete(deviceId);
      change();
    },
  };
  Object.assign(window, plugs);
}
