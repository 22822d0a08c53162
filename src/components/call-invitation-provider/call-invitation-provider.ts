import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { createWebLockBusy } from '../../core/tabs/web-lock-busy.js';
import { lazyPart } from '../../core/loading/lazy-part.js';
import type { MediaFault } from '../../core/ports/media.js';
import type { SignalTransport } from '../../core/ports/signal-transport.js';
import { CallError } from '../../core/service/call-error.js';
import { InvitationService } from '../../core/service/invitation-service.js';
import type {
  CallConfig,
  CallInvitationService,
  CallSnapshot,
  InvitationEvents,
} from '../../core/service/types.js';
import { IncomingCallDialog } from '../incoming-call-dialog/incoming-call-dialog.js';
import { MinimalCallView } from '../minimal-call-view/minimal-call-view.js';
import { OutgoingCallDialog } from '../outgoing-call-dialog/outgoing-call-dialog.js';
import { objectAttributeError } from '../shared/call-element.js';
import { ContextProviderEvent, ContextSource, type CallHost } from '../shared/context.js';
import { defineOnce } from '../shared/define-once.js';
import { CallbackEvent, errorEvent, callbackEventFields } from '../shared/callback-events.js';
import type { Texts } from '../shared/language.js';
import { ongoingViewPart } from '../shared/ongoing-view-part.js';
import { stageOf, type Stage } from '../shared/stage.js';
import { StoreController } from '../shared/store-controller.js';
import { styles } from './call-invitation-provider.styles.js';
import { readSavedPage } from './saved-page.js';
import { TopLayer } from './top-layer.js';
import { transportFor } from './transports.js';

/** How long a provider may be out of the document and keep its call: frameworks move elements. */
const GRACE_MS = 1_000;
/** Offer and answer of a call that was just accepted are under way by then. */
const VIEW_DELAY_MS = 120;

const canTakeCalls = (): boolean => 'RTCPeerConnection' in globalThis;

const callMedia = lazyPart(
  'the media of calls',
  () => import('../../core/media/call-media.js'),
  'createCallMedia',
);
const providerMissedCalls = lazyPart(
  'the missed calls',
  () => import('./provider-missed-calls.js'),
  'createProviderMissedCalls',
);

const hasFullView = (): boolean => !!customElements.get('ongoing-call-view');

const defaultElements: Readonly<Record<Stage, TemplateResult>> = {
  incoming: html`<incoming-call-dialog
    in-layer
    exportparts="accept-button, decline-button"
  ></incoming-call-dialog>`,
  outgoing: html`<outgoing-call-dialog
    in-layer
    exportparts="cancel-button, microphone-button, camera-button"
  ></outgoing-call-dialog>`,
  ongoing: html`<ongoing-call-view in-layer></ongoing-call-view>`,
};
/** It shows a call until the full view is there. */
const minimalView = (incomplete: boolean): TemplateResult =>
  html`<minimal-call-view
    in-layer
    exportparts="microphone-button, camera-button, hang-up-button"
    ?incomplete=${incomplete}
  ></minimal-call-view>`;

/** @returns the fault of a `config` attribute that can't be read; the old configuration stays */
function badConfig(name: string, value: string | null): CallError | undefined {
  if (name !== 'config' || value === null) return undefined;
  try {
    if (JSON.parse(value) instanceof Object) return undefined;
  } catch {
    // Told below.
  }
  return new CallError('invalid-argument', 'The attribute config is not a JSON object.');
}

/**
 * Signs a user in, hands the call invitations to the elements, fires their events, and shows the calls: with no
 * children it is complete.
 *
 * @slot - The page's content. It gets no box of its own.
 * @slot incoming - Replaces the incoming dialog; shown while a call comes in.
 * @slot outgoing - Replaces the outgoing dialog; shown while a call rings out.
 * @slot ongoing - Replaces the view of the call; shown while there is one.
 * @slot invite - An `<invite-to-call-button>` among the controls of the default view of the call.
 * @fires {CallFactEvent} incoming-call-received - A call has arrived and rings here.
 * @fires {CallFactEvent} incoming-call-canceled - The caller cancelled before this user answered.
 * @fires {CallFactEvent} incoming-call-timeout - This user did not answer in time.
 * @fires {CallFactEvent} incoming-call-decline-button-pressed - This user declined.
 * @fires {CallFactEvent} incoming-call-accept-button-pressed - This user accepted; no media is set up yet.
 * @fires {CallFactEvent} outgoing-call-cancel-button-pressed - This user cancelled.
 * @fires {CallFactEvent} outgoing-call-accepted - A callee accepted.
 * @fires {CallFactEvent} outgoing-call-declined - A callee declined.
 * @fires {CallFactEvent} outgoing-call-rejected-cause-busy - A callee is in another call.
 * @fires {CallFactEvent} outgoing-call-timeout - Callees did not answer in time.
 * @fires {CallFactEvent} invitation-user-state-changed - The state of other members changed.
 * @fires {CallFactEvent} incoming-missed-call-clicked - A missed call was clicked, in its notification or the list.
 *   Cancelable: prevented, nobody is called back.
 * @fires {CallFactEvent} incoming-missed-call-dial-back-failed - The call back could not be placed, or the group call
 *   is over.
 * @fires {CallFactEvent} call-state-changed - The status of the call changed.
 * @fires {ErrorEvent} error - A callback threw, an action failed, or a source of media could not be had. Neither
 *   bubbling nor composed.
 * @csspart accept-button - Of the incoming dialog.
 * @csspart decline-button - Of the incoming dialog.
 * @csspart cancel-button - Of the outgoing dialog.
 * @csspart tile - Of the ongoing view.
 * @csspart waiting-tile - Of the ongoing view.
 * @csspart microphone-button - Of the outgoing dialog and the ongoing view.
 * @csspart camera-button - Of the outgoing dialog and the ongoing view.
 * @csspart screen-button - Of the ongoing view.
 * @csspart hang-up-button - Of the ongoing view.
 * @cssprop --call-surface - Ground of cards and menus.
 * @cssprop --call-surface-raised - What lies on that ground.
 * @cssprop --call-text - Text on both.
 * @cssprop --call-text-quiet - Text that stands back.
 * @cssprop --call-line - Fine lines.
 * @cssprop --call-accept - Ground of what accepts and calls.
 * @cssprop --call-on-accept - Text and icons on it.
 * @cssprop --call-danger - Ground of what declines, cancels and hangs up.
 * @cssprop --call-on-danger - Text and icons on it.
 * @cssprop --call-accent - Links, outlines of the focus, and what moves.
 * @cssprop --call-radius - Corners of cards and windows.
 * @cssprop --call-shadow - Shadow of cards and windows.
 * @cssprop --call-font - Families of the font.
 * @cssprop --call-stage - Ground of the stage on which a call is shown.
 * @cssprop --call-on-stage - Text on it.
 * @cssprop --call-on-stage-quiet - Text on it that stands back.
 * @cssprop --call-tile - Ground of a tile without a picture.
 * @cssprop --call-radius-tile - Corners of tiles.
 *
 * @example
 * ```html
 * <call-invitation-provider id="calls" user-id="alice" user-name="Alice" signaling="wss://calls.example.org">
 * </call-invitation-provider>
 * ```
 *
 * @example
 * ```ts
 * import { CallInvitationProvider } from 'ringkit/define';
 *
 * const provider = new CallInvitationProvider();
 * provider.userID = 'alice';
 * provider.signaling = 'wss://calls.example.org';
 * provider.token = async () => (await fetch('/call-token')).text();
 * provider.invitationEvents = {
 *   onIncomingCallReceived: (callID, caller) => console.log(`${caller.userName} calls`),
 * };
 * document.body.append(provider);
 * await provider.service.send({ invitees: ['bob'], callType: 'video' });
 * ```
 */
export class CallInvitationProvider extends LitElement {
  static override styles = styles;

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** The user of this page. Without one the provider sleeps. */
  @property({ attribute: 'user-id' }) userID: string | null = null;

  /** What others see of the user. Default: the userID. A server may know better. */
  @property({ attribute: 'user-name' }) userName: string | null = null;

  /** `local:` (the default) or `local:name`: the tabs of this browser. Else the URL of a ringkit server. */
  @property() signaling: string | null = null;

  /**
   * Proves to the server who the user is. A function is asked at each attempt to connect. Another value is tried at once,
   * unless connected.
   */
  @property() token: string | (() => string | Promise<string>) | null = null;

  /** Options of all calls; as an attribute in JSON. */
  @property({ type: Object }) config: CallConfig | null = null;

  /** Shows no default element; slots and elements of the page still work. */
  @property({ type: Boolean, attribute: 'no-default-ui' }) noDefaultUI = false;

  /**
   * Address of the service worker that shows notifications: `ringkit-worker.js`, or the page's own worker that imports
   * it. Without one notifications live as long as the page.
   */
  @property({ attribute: 'service-worker' }) serviceWorker: string | null = null;

  /** What a click on a notification opens where no page of this user is open. Default: this page's address. */
  @property({ attribute: 'notification-url' }) notificationURL: string | null = null;

  /** The page's functions, called with positional arguments. */
  @property({ attribute: false }) invitationEvents: InvitationEvents | null = null;

  /** STUN and TURN servers, beside those that the signalling server hands out. Default: none. */
  @property({ attribute: false }) iceServers: readonly RTCIceServer[] | null = null;

  /** `relay` lets media through TURN servers only. */
  @property({ attribute: false }) iceTransportPolicy: RTCIceTransportPolicy | null = null;

  /** A wire of the page's own, in place of `signaling`. */
  @property({ attribute: false }) transport: SignalTransport | null = null;

  /** The page's own words, in place of the language's. */
  @property({ attribute: false }) texts: Partial<Texts> | null = null;

  static #nextOrigin: CallInvitationProvider | undefined;
  /** What this one stands in for, elsewhere in the document. */
  readonly #origin = CallInvitationProvider.#nextOrigin;
  readonly #faults = new Map<string, string>();
  readonly #service: InvitationService = this.#origin
    ? this.#origin.#service
    : this.#createService();
  readonly #call = new StoreController<CallSnapshot>(this);
  readonly #context: ContextSource = new ContextSource(
    this,
    this.#origin ? this.#origin.#context.host : this.#createHost(),
  );
  #topLayer: TopLayer | undefined;
  #signedIn: readonly unknown[] | undefined;
  #wire: SignalTransport | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #stage: Stage | undefined;
  /** Where the default elements lie; it may be taken elsewhere. */
  #layer!: HTMLElement;
  #loadsView = false;
  /** The full view could not be loaded so far. */
  #viewFailed = false;

  /** The calls of this user: the same object, with the same stores, for the element's life. */
  get service(): CallInvitationService {
    return this.#service;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dispatchEvent(new ContextProviderEvent());
    clearTimeout(this.#leaving);
    if (!this.#origin) this.#call.attach(this.#service.$call);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving = setTimeout(() => this.#signIn(), GRACE_MS);
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const error = objectAttributeError(this, name, value) ?? badConfig(name, value);
    // Not before the first update: what was set as a property before the upgrade is there by then.
    if (error) void this.updateComplete.then(() => this.#service.report(error));
    else super.attributeChangedCallback(name, old, value);
    if (name === 'lang') this.#context.renew();
  }

  /** A proxy shows what is put into it, and nothing of its own. */
  protected override shouldUpdate(): boolean {
    return !this.#origin;
  }

  /** A call that has just been accepted is drawn a moment later: what its connection needs goes out first. */
  protected override async scheduleUpdate(): Promise<void> {
    this.#topLayer?.beforeChange();
    if (this.#stage !== 'ongoing' && stageOf(this.#call.value) === 'ongoing') {
      await new Promise((resolve) => setTimeout(resolve, VIEW_DELAY_MS));
    }
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    this.#stage = stageOf(this.#call.value);
    if (this.#stage && !this.#loadsView && !hasFullView()) void this.#loadView();
  }

  protected override render(): TemplateResult {
    const stage = this.#stage;
    return html`<slot></slot
      >${stage ? html`<slot name=${stage} @slotchange=${this.#onSlotChange}></slot>` : nothing}
      <div class="layer">
        ${this.#showsDefault ? this.#defaultElement(stage as Stage) : nothing}
      </div>`;
  }

  protected override firstUpdated(): void {
    this.#layer = this.renderRoot.querySelector('.layer') as HTMLElement;
    this.#layer.popover = 'manual';
    this.#topLayer = new TopLayer(this, this.#layer, () => {
      CallInvitationProvider.#nextOrigin = this;
      const standIn = new CallInvitationProvider();
      CallInvitationProvider.#nextOrigin = undefined;
      return standIn;
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const open = this.isConnected && this.#showsDefault;
    if (open) this.#layer.showPopover();
    this.#topLayer?.afterChange(open);
    if (!open) this.#layer.hidePopover();
    if (changed.has('texts') || changed.has('config')) this.#context.renew();
    const signedIn = this.#signedIn;
    if (this.isConnected) this.#signIn();
    if (changed.has('token') && signedIn && signedIn === this.#signedIn) this.#service.reconnect();
  }

  get #showsDefault(): boolean {
    const replaced = [...this.children].some(({ slot }) => slot === this.#stage);
    return !!this.#stage && !this.noDefaultUI && !replaced;
  }

  #createService(): InvitationService {
    defineOnce('incoming-call-dialog', IncomingCallDialog);
    defineOnce('outgoing-call-dialog', OutgoingCallDialog);
    defineOnce('minimal-call-view', MinimalCallView);
    const service = new InvitationService({
      config: () => this.config ?? {},
      invitationEvents: () => this.invitationEvents ?? {},
      canTakeCalls: canTakeCalls(),
      media: async () => {
        const createCallMedia = await callMedia.load();
        return createCallMedia({
          iceServers: () => [...(this.iceServers ?? []), ...(this.#wire?.iceServers?.() ?? [])],
          iceTransportPolicy: () => this.iceTransportPolicy ?? undefined,
        });
      },
      missedCalls: async (host) => (await providerMissedCalls.load())(this, this.#service, host),
    });
    for (const name of Object.keys(callbackEventFields) as (keyof typeof callbackEventFields)[]) {
      service.listen(name, (...values) => this.dispatchEvent(new CallbackEvent(name, values)));
    }
    service.listen('onError', (error) => {
      const { kind, name } = (error as { cause?: MediaFault } | undefined)?.cause ?? {};
      if (kind && name) this.#faults.set(kind, name);
      this.dispatchEvent(errorEvent(error));
    });
    return service;
  }

  #defaultElement(stage: Stage): TemplateResult {
    return stage === 'ongoing' && !hasFullView()
      ? minimalView(this.#viewFailed)
      : defaultElements[stage];
  }

  /** Loads the full view for as long as there is a call: it takes the minimal one's place when it comes. */
  async #loadView(): Promise<void> {
    this.#loadsView = true;
    const view = await ongoingViewPart.loadWhile(
      () => !!stageOf(this.#call.value),
      (error) => {
        this.#viewFailed = true;
        this.#service.report(error);
        this.requestUpdate();
      },
    );
    this.#loadsView = this.#viewFailed = false;
    if (view) defineOnce('ongoing-call-view', view);
    this.requestUpdate();
  }

  /** Starts the user's time at this device, or ends it, when what it depends on has changed. */
  #signIn(): void {
    if (this.#origin) return;
    const { userID, userName, transport } = this;
    const signaling = this.signaling || 'local:';
    const wish = this.isConnected && userID ? [userID, signaling, transport] : undefined;
    const before = this.#signedIn;
    if (wish?.every((part, index) => part === before?.[index]) ?? !before) return;
    this.#signedIn = wish;
    this.#service.stop();
    if (!wish || !userID) return;
    const report = (error: unknown): void => this.#service.report(error);
    const line = createWebLockBusy(`${signaling} ${userID}`);
    try {
      this.#service.start({
        user: { userID, ...(userName && { userName }) },
        transport: (this.#wire = transport ?? transportFor(signaling, report)),
        ...(line && { line }),
        token: () => (typeof this.token === 'function' ? this.token() : (this.token ?? '')),
        ...readSavedPage(userID),
      });
    } catch (error) {
      report(error);
    }
  }

  readonly #onSlotChange = (): void => this.requestUpdate();

  /** What the elements get. */
  #createHost(): CallHost {
    return {
      element: this,
      service: this.#service,
      config: () => this.config,
      texts: () => this.texts,
      canTakeCalls: canTakeCalls(),
      faults: this.#faults,
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'call-invitation-provider': CallInvitationProvider;
  }
}
