import type { MediaSettings } from '../../src/core/ports/media-settings.js';
import type { CallMedia, LocalMedia, MediaEvent } from '../../src/core/ports/media.js';

export interface RecordingMedia extends CallMedia {
  /** All calls of its methods, in order. */
  readonly calls: string[];
  /** Emits an event to the service. */
  readonly emit: (event: MediaEvent) => void;
  /** The error with which the next command rejects. */
  fault: Error | undefined;
  /** The page's settings, if the service has set where they are read. */
  settings: (() => MediaSettings) | undefined;
}

export const NOTHING_OPEN: LocalMedia = {
  stream: undefined,
  screen: undefined,
  microphone: 'off',
  camera: 'off',
};

/** Media that capture and send nothing, and record the calls of their methods. */
export function createRecordingMedia(note: (call: string) => void = () => {}): RecordingMedia {
  const calls: string[] = [];
  let handle: (event: MediaEvent) => void = () => {
    throw new Error('nobody listens');
  };
  const record = (call: string): void => {
    calls.push(call);
    note(call);
  };
  const command = (call: string): Promise<void> => {
    record(call);
    return media.fault === undefined ? Promise.resolve() : Promise.reject(media.fault);
  };
  const media: RecordingMedia = {
    calls,
    fault: undefined,
    settings: undefined,
    emit: (event) => handle(event),
    listen(handler) {
      record('listen');
      handle = handler;
    },
    configure: (settings) => void (media.settings = settings),
    setIncomingVideo: (on) => record(`setIncomingVideo ${on}`),
    setPictureSizes: (sizes) => record(`setPictureSizes ${JSON.stringify([...sizes])}`),
    refreshProcessing: () => record('refreshProcessing'),
    open: (callID, start) => record(`open ${callID} ${JSON.stringify(start)}`),
    openLink: ({ callID, user, link, initiator }) =>
      record(`openLink ${callID} ${user} ${link} ${initiator ? 'offers' : 'waits'}`),
    signal: ({ link }, data) => record(`signal ${link} ${JSON.stringify(data)}`),
    closeLink: ({ link }) => record(`closeLink ${link}`),
    close: (callID) => record(`close ${callID}`),
    setMicrophone: (on) => command(`setMicrophone ${on}`),
    setCamera: (on) => command(`setCamera ${on}`),
    shareScreen: (on, options) =>
      command(`shareScreen ${on}${options ? ` ${JSON.stringify(options)}` : ''}`),
    pauseScreen: (on) => record(`pauseScreen ${on}`),
    selectDevice: (kind, id) => command(`selectDevice ${kind} ${id}`),
    flipCamera: () => command('flipCamera'),
    preview() {
      record('preview');
      return {
        setMicrophone: (on) => command(`preview setMicrophone ${on}`),
        setCamera: (on) => command(`preview setCamera ${on}`),
        level: () => 0.5,
        close: () => record('preview close'),
      };
    },
    quality: () => Promise.resolve(3),
    audioLevels: (self) => Promise.resolve(new Map([[self, 0.5]])),
    destroy: () => record('destroy'),
  };
  return media;
}
