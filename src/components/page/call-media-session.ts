/** The actions of Media Session for calls (W3C Media Session, section "video conferencing"). */
const ACTIONS = ['hangup', 'togglemicrophone', 'togglecamera'] as const;
type Action = (typeof ACTIONS)[number];

/** The members of `navigator.mediaSession` that are used here. Browsers lack some of them. */
export interface MediaSessionPort {
  metadata: unknown;
  setActionHandler(action: string, handler: (() => void) | null): void;
  setMicrophoneActive?: (active: boolean) => unknown;
  setCameraActive?: (active: boolean) => unknown;
}

/** A call, as the operating system shows it. */
export interface SessionCall {
  /** Names of the other members. */
  readonly title: string;
  /** The kind of the call. */
  readonly artist: string;
  readonly microphone: boolean;
  readonly camera: boolean;
}

export type SessionActions = Readonly<Record<Action, () => void>>;

const browserSession = (): MediaSessionPort | undefined =>
  (navigator as { mediaSession?: MediaSessionPort }).mediaSession;

/**
 * Shows the call in the media controls of the browser and of the operating system, with hang-up, microphone and camera.
 * At the end, the metadata of the page are restored.
 */
export class CallMediaSession {
  /** The object whose call is shown. A page has one media session, which several providers share. */
  static #owner: CallMediaSession | undefined;
  readonly #session: MediaSessionPort | undefined;
  readonly #actions: SessionActions;
  #shown: SessionCall | undefined;
  #metadata: MediaMetadata | undefined;
  /** The metadata that the page had before. */
  #before: unknown = null;

  constructor(actions: SessionActions, session = browserSession()) {
    this.#actions = actions;
    this.#session = session;
  }

  /** @param call undefined ends the session */
  show(call: SessionCall | undefined): void {
    const session = this.#session;
    if (!session) return;
    if (!call) return this.#end(session);
    if (!this.#shown) {
      // The call that started last takes over.
      CallMediaSession.#owner?.show(undefined);
      CallMediaSession.#owner = this;
      this.#before = session.metadata;
      for (const action of ACTIONS) setHandler(session, action, this.#actions[action]);
    }
    const { title, artist, microphone, camera } = call;
    if (title !== this.#shown?.title || artist !== this.#shown.artist) {
      this.#metadata = new MediaMetadata({ title, artist });
      session.metadata = this.#metadata;
    }
    const { microphone: wasOn, camera: hadCamera } = this.#shown ?? {};
    this.#shown = call;
    if (microphone !== wasOn || camera !== hadCamera) setActive(session, microphone, camera);
  }

  #end(session: MediaSessionPort): void {
    if (!this.#shown) return;
    this.#shown = undefined;
    CallMediaSession.#owner = undefined;
    for (const action of ACTIONS) setHandler(session, action, null);
    setActive(session, false, false);
    // Not if the page has set its own meanwhile.
    if (session.metadata === this.#metadata) session.metadata = this.#before;
    this.#metadata = undefined;
    this.#before = null;
  }
}

/** Browsers throw a TypeError for actions that they do not know. */
function setHandler(session: MediaSessionPort, action: Action, handler: (() => void) | null): void {
  try {
    session.setActionHandler(action, handler);
  } catch {
    // The other actions work all the same.
  }
}

/** The functions return promises in newer browsers, which reject for a hidden page that turns a source on. */
function setActive(session: MediaSessionPort, microphone: boolean, camera: boolean): void {
  Promise.allSettled([
    session.setMicrophoneActive?.(microphone),
    session.setCameraActive?.(camera),
  ]).catch(() => {});
}
