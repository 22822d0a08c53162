import { html, nothing, render, type ReactiveController, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { MediaSessionPort } from '../page/call-media-session.js';
import { callProperties } from '../shared/call-properties.js';
import { directionOf, type Texts } from '../shared/language.js';
import { addTooltips } from '../shared/tooltips.js';

/** The action that browsers run when the user switches to another tab, and from their own media controls. */
const AUTOMATIC = 'enterpictureinpicture';

/** Size of the window without its title bar, in CSS pixels. Browsers remember the size that the user has given it. */
const SIZE = { width: 340, height: 280 } as const;

type PageWindow = Window & typeof globalThis;

/** Parts of the browser that picture-in-picture uses. */
export interface PictureInPicturePorts {
  /** Document Picture-in-Picture: Chromium on desktop computers. */
  readonly windows:
    { requestWindow(options: { width: number; height: number }): Promise<Window> } | undefined;
  /** Picture-in-picture of a single video: Safari, and Chromium on phones. */
  readonly document: Pick<
    Document,
    | 'pictureInPictureEnabled'
    | 'exitPictureInPicture'
    | 'visibilityState'
    | 'addEventListener'
    | 'removeEventListener'
  >;
  readonly mediaSession: Pick<MediaSessionPort, 'setActionHandler'> | undefined;
}

const browserPorts = (): PictureInPicturePorts => ({
  windows: (window as { documentPictureInPicture?: PictureInPicturePorts['windows'] })
    .documentPictureInPicture,
  document,
  mediaSession: (navigator as { mediaSession?: MediaSessionPort }).mediaSession,
});

/** The element whose call is shown. */
interface Host {
  readonly isConnected: boolean;
  readonly renderRoot: ParentNode;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
}

/** What the small window shows. */
export interface SmallWindow {
  readonly title: string;
  readonly texts: Texts;
  readonly content: TemplateResult;
}

/**
 * Shows the call in a small window above other programs: in a window with controls, else only its video. Browsers that
 * know the media session action open it when the user switches to another tab; then it closes when they come back.
 */
export class PictureInPicture implements ReactiveController {
  readonly #host: Host & Element;
  readonly #styles: string;
  readonly #content: () => SmallWindow | undefined;
  readonly #ports: PictureInPicturePorts;
  readonly #onError: (error: unknown) => void;
  #window: PageWindow | undefined;
  #root: ShadowRoot | undefined;
  /** The attempt to open the window. Another object, or none, means that it was closed meanwhile. */
  #opening: object | undefined;
  #isAutomatic = false;
  #hasAction = false;
  #stream: MediaStream | undefined;

  /**
   * @param styles CSS of the window
   * @param content what an open window shows, after each update of the host
   */
  constructor(
    host: Host & Element,
    styles: string,
    content: () => SmallWindow | undefined,
    onError: (error: unknown) => void,
    ports: PictureInPicturePorts = browserPorts(),
  ) {
    this.#host = host;
    this.#styles = styles;
    this.#content = content;
    this.#onError = onError;
    this.#ports = ports;
    host.addController(this);
  }

  /** Whether the browser can show this call in a small window now. */
  get isAvailable(): boolean {
    return !!this.#ports.windows || (this.#canShowVideo && !!this.#stream);
  }

  get isOpen(): boolean {
    return !!this.#window || this.#isVideoOpen;
  }

  /** The root of the window with controls, while it is open. */
  get root(): ShadowRoot | undefined {
    return this.#root;
  }

  get #canShowVideo(): boolean {
    return !this.#ports.windows && this.#ports.document.pictureInPictureEnabled;
  }

  get #video(): HTMLVideoElement | null {
    return this.#host.renderRoot.querySelector('.picture-in-picture');
  }

  get #isVideoOpen(): boolean {
    // `pictureInPictureElement` of the document is the outermost host of a shadow tree.
    return !!this.#video?.matches(':picture-in-picture');
  }

  /**
   * Must be called in each update of the host.
   * @param isOn whether the call may be shown; `false` closes the window
   * @param stream the picture that is shown where windows with controls are missing
   * @param isAutomatic whether a switch to another tab opens the window
   */
  watch(isOn: boolean, stream: MediaStream | undefined, isAutomatic: boolean): void {
    this.#stream = stream;
    this.#setAction(isOn && isAutomatic && this.isAvailable);
    if (!isOn) this.close();
  }

  /**
   * The video that is shown where windows with controls are missing. It must stay at one place in the document, because
   * the browser closes its small window when the video is removed.
   */
  videoTemplate(): TemplateResult | typeof nothing {
    if (!this.#canShowVideo || !this.#stream) return nothing;
    return html`<video
      class="picture-in-picture"
      aria-hidden="true"
      autoplay
      playsinline
      .muted=${true}
      .srcObject=${live(this.#stream)}
      @enterpictureinpicture=${this.#onVideoChange}
      @leavepictureinpicture=${this.#onVideoChange}
    ></video>`;
  }

  /** Must be called in a handler of a press, or of the media session. Rejects if the browser does not permit it. */
  async open(isAutomatic = false): Promise<void> {
    const { windows } = this.#ports;
    if (this.isOpen || this.#opening) return;
    const opening = (this.#opening = {});
    this.#isAutomatic = isAutomatic;
    try {
      if (windows) {
        const opened = (await windows.requestWindow(SIZE)) as PageWindow;
        // The call may have ended meanwhile.
        if (this.#opening !== opening) return opened.close();
        this.#prepare(opened);
      } else {
        await this.#video?.requestPictureInPicture();
      }
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
    this.#host.requestUpdate();
  }

  close(): void {
    this.#opening = undefined;
    const open = this.#window;
    this.#forget();
    open?.close();
    if (this.#isVideoOpen) void this.#ports.document.exitPictureInPicture().catch(() => {});
  }

  hostUpdated(): void {
    const shown = this.#window && this.#content();
    if (!this.#window || !this.#root || !shown) return;
    const { title, texts, content } = shown;
    const { document: page } = this.#window;
    page.title = title;
    page.documentElement.lang = texts.lang;
    page.documentElement.dir = directionOf(texts);
    render(content, this.#root, { creationScope: page, host: this.#host });
  }

  hostConnected(): void {
    this.#ports.document.addEventListener('visibilitychange', this.#onVisibility);
  }

  hostDisconnected(): void {
    this.#ports.document.removeEventListener('visibilitychange', this.#onVisibility);
    // A view that is only moved in the document keeps its window.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.watch(false, undefined, false);
    });
  }

  #prepare(opened: PageWindow): void {
    const { document: page } = opened;
    const place = page.createElement('div');
    const styles = getComputedStyle(this.#host);
    // The window is another document, which does not inherit them.
    for (const name of callProperties) {
      const value = styles.getPropertyValue(name);
      if (value) place.style.setProperty(name, value);
    }
    // Style sheets belong to one document. Unlike style elements, these satisfy a strict Content Security Policy.
    const outer = new opened.CSSStyleSheet();
    outer.replaceSync('body { margin: 0 } html { color-scheme: dark }');
    page.adoptedStyleSheets = [outer];
    const sheet = new opened.CSSStyleSheet();
    sheet.replaceSync(this.#styles);
    this.#root = place.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [sheet];
    addTooltips(this.#root);
    page.body.append(place);
    this.#window = opened;
    opened.addEventListener('pagehide', () => {
      if (this.#window === opened) this.#forget();
    });
  }

  /** The window is closed, or about to be. */
  #forget(): void {
    const root = this.#root;
    if (!root) return;
    this.#window = this.#root = undefined;
    this.#isAutomatic = false;
    render(nothing, root);
    this.#host.requestUpdate();
  }

  #setAction(on: boolean): void {
    if (on === this.#hasAction) return;
    this.#hasAction = on;
    try {
      this.#ports.mediaSession?.setActionHandler(AUTOMATIC, on ? this.#onAction : null);
    } catch {
      // The browser does not know the action.
    }
  }

  readonly #onAction = (): void => {
    this.open(true).catch(this.#onError);
  };

  readonly #onVisibility = (): void => {
    if (this.#isAutomatic && this.#ports.document.visibilityState === 'visible') this.close();
  };

  readonly #onVideoChange = (): void => this.#host.requestUpdate();
}
