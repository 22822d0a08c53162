import { expect, html } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { en } from '../../locales/en.js';
import { PictureInPicture, type PictureInPicturePorts } from './picture-in-picture.js';
import { waitUntil } from '../../../test/support/wait-until.js';

/** A host that shows a text in its small window. */
@customElement('test-small-window')
class TestHost extends LitElement {
  @property() text = 'Ben';
  @property({ attribute: false }) isOn = true;
  @property({ attribute: false }) isAutomatic = true;
  @property({ attribute: false }) stream: MediaStream | undefined;
  readonly errors: unknown[] = [];
  window!: PictureInPicture;

  create(ports: PictureInPicturePorts): void {
    const content = () => ({
      title: `Call with ${this.text}`,
      texts: { ...en, lang: 'ar' },
      content: html`<p>${this.text}</p>`,
    });
    this.window = new PictureInPicture(
      this,
      'p { color: var(--call-danger) }',
      content,
      (error) => this.errors.push(error),
      ports,
    );
  }

  protected override willUpdate(): void {
    this.window.watch(this.isOn, this.stream, this.isAutomatic);
  }

  protected override render(): TemplateResult {
    return html`${this.window.videoTemplate()}`;
  }
}

/** Ports with windows that are frames of this page. */
function createPorts(isUnknown = false) {
  const frames: HTMLIFrameElement[] = [];
  const handlers = new Map<string, () => void>();
  const state: { pictureInPictureEnabled: boolean; visibilityState: DocumentVisibilityState } = {
    ...{ pictureInPictureEnabled: true, visibilityState: 'visible' },
  };
  const page = Object.assign(new EventTarget(), state, {
    exitPictureInPicture: () => Promise.resolve(),
  });
  /** Windows that are requested, and not open yet. */
  let hold: Promise<void> | undefined;
  const ports: PictureInPicturePorts = {
    windows: {
      async requestWindow() {
        await hold;
        const frame = document.createElement('iframe');
        document.body.append(frame);
        frames.push(frame);
        const opened = frame.contentWindow!;
        opened.close = () => frame.remove();
        return opened;
      },
    },
    document: page,
    mediaSession: {
      setActionHandler(action, handler) {
        if (isUnknown) throw new TypeError(action);
        if (handler) handlers.set(action, handler);
        else handlers.delete(action);
      },
    },
  };
  return {
    ...{ ports, frames, handlers, page },
    holdUntil: (promise: Promise<void>) => {
      hold = promise;
    },
  };
}
const bodyOf = (frame: HTMLIFrameElement | undefined): ShadowRoot =>
  frame!.contentDocument!.body.firstElementChild!.shadowRoot!;

async function attach(ports: PictureInPicturePorts): Promise<TestHost> {
  const host = document.createElement('test-small-window') as TestHost;
  host.create(ports);
  document.body.append(host);
  await host.updateComplete;
  return host;
}

describe('PictureInPicture', () => {
  afterEach(() => {
    for (const element of document.querySelectorAll('test-small-window, iframe')) element.remove();
  });

  it('shows the content in a window, with the styles of the page, and updates it', async () => {
    const { ports, frames } = createPorts();
    const host = await attach(ports);
    host.style.setProperty('--call-danger', 'rgb(1, 2, 3)');
    expect(host.window.isAvailable).to.equal(true);
    await host.window.open();
    await host.updateComplete;
    const page = frames[0]!.contentDocument!;
    const text = bodyOf(frames[0]).querySelector('p')!;
    expect(text.textContent).to.equal('Ben');
    expect(getComputedStyle(text).color).to.equal('rgb(1, 2, 3)');
    expect([page.title, page.documentElement.lang, page.documentElement.dir]).to.deep.equal([
      ...['Call with Ben', 'ar', 'rtl'],
    ]);
    host.text = 'Chen';
    await host.updateComplete;
    expect(text.textContent).to.equal('Chen');
    expect(host.window.isOpen).to.equal(true);
  });

  it('opens one window at a time', async () => {
    const { ports, frames } = createPorts();
    const host = await attach(ports);
    await Promise.all([host.window.open(), host.window.open()]);
    await host.window.open();
    expect(frames).to.have.length(1);
  });

  it('closes when the call ends, and is open again only after another press', async () => {
    const { ports, frames } = createPorts();
    const host = await attach(ports);
    await host.window.open();
    host.isOn = false;
    await host.updateComplete;
    expect(host.window.isOpen).to.equal(false);
    expect(frames[0]!.isConnected).to.equal(false);
    host.isOn = true;
    await host.updateComplete;
    expect(host.window.isOpen).to.equal(false);
  });

  it('knows that the user has closed it', async () => {
    const { ports, frames } = createPorts();
    const host = await attach(ports);
    await host.window.open();
    frames[0]!.contentWindow!.dispatchEvent(new Event('pagehide'));
    expect(host.window.isOpen).to.equal(false);
    expect(host.window.root).to.equal(undefined);
  });

  it('closes a window that opens after the call has ended', async () => {
    const { ports, frames, holdUntil } = createPorts();
    const host = await attach(ports);
    let open!: () => void;
    holdUntil(new Promise((resolve) => (open = resolve)));
    const opening = host.window.open();
    host.isOn = false;
    await host.updateComplete;
    open();
    await opening;
    expect(host.window.isOpen).to.equal(false);
    expect(frames[0]!.isConnected).to.equal(false);
  });

  it('closes when its host is removed, and not while it is moved', async () => {
    const { ports } = createPorts();
    const host = await attach(ports);
    await host.window.open();
    document.body.append(host);
    await Promise.resolve();
    expect(host.window.isOpen).to.equal(true);
    host.remove();
    await waitUntil(() => !host.window.isOpen);
  });

  it('opens when the user switches to another tab, and closes when they come back', async () => {
    const { ports, page, handlers } = createPorts();
    const host = await attach(ports);
    page.visibilityState = 'hidden';
    handlers.get('enterpictureinpicture')!();
    await waitUntil(() => host.window.isOpen);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(host.window.isOpen).to.equal(false);
    // A window that the user has opened stays.
    await host.window.open();
    page.dispatchEvent(new Event('visibilitychange'));
    expect(host.window.isOpen).to.equal(true);
  });

  it('does not open automatically without a call, or if it is switched off', async () => {
    const { ports, handlers } = createPorts();
    const host = await attach(ports);
    expect(handlers.size).to.equal(1);
    host.isAutomatic = false;
    await host.updateComplete;
    expect(handlers.size).to.equal(0);
    host.isAutomatic = true;
    await host.updateComplete;
    expect(handlers.size).to.equal(1);
    host.isOn = false;
    await host.updateComplete;
    expect(handlers.size).to.equal(0);
  });

  it('works in a browser that does not know the action', async () => {
    const host = await attach(createPorts(true).ports);
    await host.window.open();
    expect(host.window.isOpen).to.equal(true);
  });

  it('reports that the browser does not permit an automatic window', async () => {
    const { ports, handlers } = createPorts();
    const refused = new DOMException('No', 'NotAllowedError');
    const host = await attach({
      ...ports,
      windows: { requestWindow: () => Promise.reject(refused) },
    });
    handlers.get('enterpictureinpicture')!();
    await waitUntil(() => host.errors.length > 0);
    expect(host.errors).to.deep.equal([refused]);
    expect(host.window.isOpen).to.equal(false);
  });

  describe('without windows that have controls', () => {
    it('is available while there is a picture, and shows its video', async () => {
      const host = await attach({ ...createPorts().ports, windows: undefined });
      expect(host.window.isAvailable).to.equal(false);
      expect(host.renderRoot.querySelector('video')).to.equal(null);
      const stream = document.createElement('canvas').captureStream();
      host.stream = stream;
      await host.updateComplete;
      expect(host.window.isAvailable).to.equal(true);
      const video = host.renderRoot.querySelector('video')!;
      expect(video.srcObject).to.equal(stream);
      let requests = 0;
      video.requestPictureInPicture = () => {
        requests++;
        return Promise.resolve({} as PictureInPictureWindow);
      };
      await host.window.open();
      expect(requests).to.equal(1);
      expect(host.window.root).to.equal(undefined);
    });

    it('is not available in a browser without picture-in-picture', async () => {
      const { ports, page } = createPorts();
      page.pictureInPictureEnabled = false;
      const host = await attach({ ...ports, windows: undefined });
      host.stream = document.createElement('canvas').captureStream();
      await host.updateComplete;
      expect(host.window.isAvailable).to.equal(false);
    });
  });
});
