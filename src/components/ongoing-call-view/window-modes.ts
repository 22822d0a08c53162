import {
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import type { Texts } from '../shared/language.js';
import { Maximize } from '../shared/lucide/maximize.js';
import { Minimize } from '../shared/lucide/minimize.js';
import { PictureInPicture2 } from '../shared/lucide/picture-in-picture-2.js';
import { FullScreen } from './full-screen.js';
import type { MoreAction } from './more-panel.js';
import { PictureInPicture, type SmallWindow } from './picture-in-picture.js';
import { smallWindowCSS } from './picture-in-picture.styles.js';
import type { PicturePlace } from './picture-sizes.js';
import { roundButton } from '../shared/stage.js';

/** The view of a call. */
type View = ReactiveControllerHost &
  HTMLElement & { readonly renderRoot: ParentNode; minimised: boolean };

/** Shows a view in full screen or in a small window. While the window with controls is open, the view is minimised. */
export class WindowModes implements ReactiveController {
  readonly #view: View;
  readonly #fullScreen: FullScreen;
  readonly #smallWindow: PictureInPicture;
  readonly #onError: (error: unknown) => void;
  /** Whether the view is minimised only while the small window is open. */
  #isReplaced = false;

  /** @param content what the small window shows */
  constructor(
    view: View,
    content: () => SmallWindow | undefined,
    onError: (error: unknown) => void,
  ) {
    this.#view = view;
    this.#onError = onError;
    this.#fullScreen = new FullScreen(view);
    this.#smallWindow = new PictureInPicture(view, smallWindowCSS, content, onError);
    view.addController(this);
  }

  /** The root of the small window, while it is open. */
  get root(): ParentNode | undefined {
    return this.#smallWindow.root;
  }

  /** Where the pictures are shown: in a small window, with or without controls, or in the tiles of the view. */
  get picturePlace(): PicturePlace {
    if (this.#smallWindow.isOpen) return 'small-window';
    return this.#view.minimised ? 'none' : 'tiles';
  }

  /**
   * Must be called in each update of the view.
   * @param runs whether there is a call; at its end, the small window and full screen end
   * @param stream the picture for a small window without controls
   * @param isAutomatic whether a switch to another tab opens the small window
   */
  watch(runs: boolean, stream: MediaStream | undefined, isAutomatic: boolean): void {
    this.#smallWindow.watch(runs, stream, isAutomatic);
    if (this.#isReplaced && !this.#smallWindow.root) {
      this.#view.minimised = this.#isReplaced = false;
    }
    if (!runs || this.#view.minimised) this.#fullScreen.end().catch(this.#onError);
  }

  /** The user has minimised or restored the view: it stays like that when the small window closes. */
  keepSize(): void {
    this.#isReplaced = false;
  }

  /** Opens and closes the small window; undefined if the browser has none. */
  action(texts: Texts): MoreAction | undefined {
    const { isOpen, isAvailable } = this.#smallWindow;
    if (!isAvailable) return undefined;
    const label = isOpen ? texts.closeSmallWindow : texts.smallWindow;
    return { label, node: PictureInPicture2, look: 'small-window', onPress: this.#onSmallWindow };
  }

  /** The button of full screen. */
  button(texts: Texts): TemplateResult | typeof nothing {
    const { isOn, isAvailable } = this.#fullScreen;
    if (!isAvailable) return nothing;
    const label = isOn ? texts.exitFullScreen : texts.fullScreen;
    return roundButton('full-screen', label, isOn ? Minimize : Maximize, this.#onFullScreen);
  }

  /** The video of a small window without controls. Must be rendered at one place for the whole call. */
  videoTemplate(): TemplateResult | typeof nothing {
    return this.#smallWindow.videoTemplate();
  }

  /** Returns from the small window to the page. Must be called in a handler of a press in that window. */
  readonly returnToPage = (): void => {
    window.focus();
    this.#view.minimised = this.#isReplaced = false;
    this.#smallWindow.close();
  };

  hostDisconnected(): void {
    this.#isReplaced = false;
  }

  readonly #onFullScreen = (): void => {
    this.#fullScreen.toggle().catch(this.#onError);
  };

  readonly #onSmallWindow = (): void => {
    if (this.#smallWindow.isOpen) return this.#smallWindow.close();
    this.#smallWindow.open().then(() => {
      // A window without controls does not replace the view.
      if (this.#smallWindow.root) this.#view.minimised = this.#isReplaced = true;
    }, this.#onError);
  };
}
