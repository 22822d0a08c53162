import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { createDeviceChoiceStorage } from '../../core/storage/device-choices.js';
import { createBrowserNetworkEvents } from '../../core/tabs/browser-network-events.js';
import { lazyPart } from '../../core/loading/lazy-part.js';
import type { SignalTransport } from '../../core/ports/signal-transport.js';
import { CallError } from '../../core/service/call-error.js';
import { isOver } from '../../core/service/in-calling.js';
import { InvitationService } from '../../core/service/invitation-service.js';
import type { CallConfig } from '../../core/service/call-config.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { InvitationEvents } from '../../core/service/callback-types.js';
import { CallSettings } from '../call-settings/call-settings.js';
import { IncomingCallDialog } from '../incoming-call-dialog/incoming-call-dialog.js';
import { MinimalCallView } from '../minimal-call-view/minimal-call-view.js';
import { OutgoingCallDialog } from '../outgoing-call-dialog/outgoing-call-dialog.js';
import { WaitingCallCard } from '../waiting-call-card/waiting-call-card.js';
import { objectAttributeError } from '../shared/call-element.js';
import { ContextProviderEvent, ContextSource, type CallHost } from '../shared/context.js';
import { defineOnce } from '../shared/define-once.js';
import { hidePopover, showPopover } from '../shared/dom-features.js';
import type { CallIcons } from '../shared/call-icons.js';
import type { Texts } from '../shared/language.js';
import { reportMisspelledAttributes } from '../shared/misspelled-attributes.js';
import { callViewOf, type CallView } from '../shared/call-view.js';
import { StoreController } from '../shared/store-controller.js';
import { styles } from './call-invitation-provider.styles.js';
import { ConnectingPhase } from './connecting-phase.js';
import { dispatchCallbacks } from './callback-dispatch.js';
import { endedViewOf } from './ended-view.js';
import { pageEnvironment } from './page-environment.js';
import { PageOptions } from './page-options.js';
import { DelayedSignOut, earlierSession, isSame, type Identity } from './sign-out.js';
import { SettingsLayer } from './settings-layer.js';
import { tabPorts } from './tab-ports.js';
import { TopLayer } from './top-layer.js';
import { ViewLoader } from './view-loader.js';
import { WaitingLayer } from './waiting-layer.js';

/**
 * Delay before the view of a call is rendered that no dialog has shown, in ms. SDP offer and answer are sent first.
 */
const VIEW_DELAY_MS = 120;

const providerMissedCalls = lazyPart(
  'the missed calls',
  () => import('./provider-missed-calls.js'),
  'createProviderMissedCalls',
);

const providerCallHistory = lazyPart(
  'the call history',
  () => import('./provider-call-history.js'),
  'createProviderCallHistory',
);

const dialogs: Readonly<Record<Exclude<CallView, 'ongoing'>, TemplateResult>> = {
  incoming: html`<incoming-call-dialog
    in-layer
    exportparts="accept-button, decline-button, hang-up-button"
  ></incoming-call-dialog>`,
  outgoing: html`<outgoing-call-dialog
    in-layer
    exportparts="cancel-button, hang-up-button, microphone-button, camera-button, call-again-button, close-end-button"
  ></outgoing-call-dialog>`,
};
/** @param card the box of the dialog that it replaces, in which the call was accepted; undefined if there is none */
const fullView = (card: DOMRect | undefined): TemplateResult =>
  html`<ongoing-call-view in-layer .growsFrom=${card}></ongoing-call-view>`;
/** Shown until the code of `<ongoing-call-view>` is loaded. */
const minimalView = (incomplete: boolean): TemplateResult =>
  html`<minimal-call-view
    in-layer
    exportparts="microphone-button, camera-button, hang-up-button, call-again-button, close-end-button"
    ?incomplete=${incomplete}
  ></minimal-call-view>`;

/** @returns the error for a `config` attribute that is not a JSON object; the old configuration is kept */
function badConfig(name: string, value: string | null): CallError | undefined {
  if (name !== 'config' || value === null) return undefined;
  try {
    if (JSON.parse(value) instanceof Object) return undefined;
  } catch {
    // Reported below.
  }
  return new CallError('invalid-argument', 'The attribute config is not a JSON object.');
}

/**
 * Signs a user in, passes call invitations to the elements, fires their events, and shows the calls. Without
 * children it provides the complete user interface.
 *
 * @slot - Content of the page. The slot has no box of its own.
 * @slot incoming - Replaces the incoming call dialog. Shown while a call is incoming.
 * @slot outgoing - Replaces the outgoing call dialog. Shown while an outgoing call has no answer.
 * @slot ongoing - Replaces the view of the running call. Shown during a call.
 * @slot message - A control of the page beside Call again, after the end of a call.
 * @slot invite - An `<invite-to-call-button>` in the controls of the default call view.
 * @fires {CallFactEvent} incoming-call-received - A call arrived and rings on this page.
 * @fires {CallFactEvent} incoming-call-canceled - The caller cancelled before this user answered.
 * @fires {CallFactEvent} incoming-call-timeout - This user did not answer in time.
 * @fires {CallFactEvent} incoming-call-decline-button-pressed - This user declined.
 * @fires {CallFactEvent} incoming-call-accept-button-pressed - This user accepted. Media are not set up yet.
 * @fires {CallFactEvent} outgoing-call-cancel-button-pressed - This user cancelled.
 * @fires {CallFactEvent} outgoing-call-sent - The server has accepted the invitation of a new call.
 * @fires {CallFactEvent} outgoing-call-accepted - A callee accepted.
 * @fires {CallFactEvent} outgoing-call-declined - A callee declined.
 * @fires {CallFactEvent} outgoing-call-rejected-cause-busy - A callee is in another call.
 * @fires {CallFactEvent} outgoing-call-timeout - One or more callees did not answer in time.
 * @fires {CallFactEvent} invitation-user-state-changed - The state of other members changed.
 * @fires {CallFactEvent} held-call-ended - A call on hold that is not shown has ended.
 * @fires {CallFactEvent} incoming-missed-call-clicked - The user clicked a missed call, in its notification or in
 *   the list. Cancelable: `preventDefault()` prevents the call back.
 * @fires {CallFactEvent} incoming-missed-call-dial-back-failed - The call back failed, or the group call has ended.
 * @fires {CallFactEvent} member-connection-changed - The connection of members of the call changed.
 * @fires {CallFactEvent} call-state-changed - The status of the call changed.
 * @fires {ErrorEvent} error - A callback threw, an action failed, or a media device is not available. Does not
 *   bubble and is not composed.
 * @csspart accept-button - In the incoming call dialog.
 * @csspart decline-button - In the incoming call dialog, and in the card of the waiting call.
 * @csspart cancel-button - In the outgoing call dialog.
 * @csspart end-and-accept-button - In the card of the waiting call.
 * @csspart hold-and-accept-button - In the card of the waiting call.
 * @csspart merge-button - In the card of the call on hold.
 * @csspart transfer-button - In the card of the call on hold.
 * @csspart tile - In the view of the running call.
 * @csspart waiting-tile - In the view of the running call.
 * @csspart more-button - In the view of the running call.
 * @csspart verify-button - In the view of the running call.
 * @csspart microphone-button - In the outgoing call dialog and the view of the running call.
 * @csspart camera-button - In the outgoing call dialog and the view of the running call.
 * @csspart screen-button - In the view of the running call.
 * @csspart screen-pause-button - In the view of the running call.
 * @csspart hold-button - In the view of the running call.
 * @csspart resume-button - In the view of the running call, and in the card of the call on hold.
 * @csspart call-again-button - After the end of a call.
 * @csspart close-end-button - After the end of a call.
 * @csspart hang-up-button - In the view of the running call, and in both dialogs while an accepted call connects.
 * @csspart close-button - In the device settings.
 * @csspart unblock-button - In the device settings.
 * @cssprop --call-surface - Background of cards and menus.
 * @cssprop --call-surface-raised - Background of raised items on cards and menus.
 * @cssprop --call-text - Text on cards and menus.
 * @cssprop --call-text-quiet - Secondary text on cards and menus.
 * @cssprop --call-line - Separator lines.
 * @cssprop --call-accept - Background of the accept and call buttons.
 * @cssprop --call-on-accept - Text and icons on `--call-accept`.
 * @cssprop --call-danger - Background of the decline, cancel and hang-up buttons.
 * @cssprop --call-on-danger - Text and icons on `--call-danger`.
 * @cssprop --call-accent - Links and progress indicators.
 * @cssprop --call-focus-inner - Inner ring around a focused control.
 * @cssprop --call-focus-outer - Outer ring around a focused control; contrasts with the inner one.
 * @cssprop --call-radius-small - Corner radius of tags and of small items.
 * @cssprop --call-radius-medium - Corner radius of notes, fields and menus.
 * @cssprop --call-radius - Corner radius of cards and windows.
 * @cssprop --call-radius-full - Corner radius of buttons, round controls and avatars.
 * @cssprop --call-shadow - Shadow of cards and windows.
 * @cssprop --call-font - Font families.
 * @cssprop --call-stage - Background of the outgoing call dialog and of the view of the running call.
 * @cssprop --call-on-stage - Text on `--call-stage`.
 * @cssprop --call-on-stage-quiet - Secondary text on `--call-stage`.
 * @cssprop --call-tile - Background of a tile without video.
 * @cssprop --call-radius-tile - Corner radius of tiles.
 * @cssprop --call-control - Background of the round controls of a call.
 * @cssprop --call-control-hover - The same while the mouse is over them.
 * @cssprop --call-control-off - Background of a control whose device is off.
 * @cssprop --call-control-active - Background of a control whose function is on: a shared screen, a call on hold.
 * @cssprop --call-on-control - Icons on `--call-control`.
 * @cssprop --call-on-control-off - Icons on `--call-control-off` and `--call-control-active`.
 * @cssprop --call-scrim - Background of names and times on a picture.
 * @cssprop --call-speaking - Marks a member who speaks.
 * @cssprop --call-avatar-size - Diameter of the large avatar.
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
 * await provider.updateComplete; // It has signed in.
 * await provider.service.send({ invitees: ['bob'], callType: 'video' });
 * ```
 */
export class CallInvitationProvider extends LitElement {
  static override styles = styles;

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** The ID of the user of this page. While it is null, the provider is signed out. */
  @property({ attribute: 'user-id' }) userID: string | null = null;

  /** The name that other users see. Default: the user ID. The server may replace it. */
  @property({ attribute: 'user-name' }) userName: string | null = null;

  /**
   * `local:` (the default) or `local:name` connects the tabs of this browser. Any other value is the URL of a
   * ringkit server.
   */
  @property() signaling: string | null = null;

  /**
   * Authenticates the user at the server. A function is called at each connection attempt. If the token changes
   * while disconnected, the provider reconnects immediately.
   */
  @property() token: string | (() => string | Promise<string>) | null = null;

  /** Options for all calls. As an attribute: a JSON object. */
  @property({ type: Object }) config: CallConfig | null = null;

  /** Renders no default elements. Slots and elements that are placed on the page still work. */
  @property({ type: Boolean, attribute: 'no-default-ui' }) noDefaultUI = false;

  /**
   * URL of the service worker that shows notifications: `ringkit-worker.js`, or a worker of the page that imports
   * it. Without a worker, notifications close with the page.
   */
  @property({ attribute: 'service-worker' }) serviceWorker: string | null = null;

  /**
   * URL that a click on a notification opens when no page of this user is open. Default: the address of this page.
   */
  @property({ attribute: 'notification-url' }) notificationURL: string | null = null;

  /** Callbacks of the page, called with positional arguments. */
  @property({ attribute: false }) invitationEvents: InvitationEvents | null = null;

  /** STUN and TURN servers, in addition to those from the signalling server. Default: none. */
  @property({ attribute: false }) iceServers: readonly RTCIceServer[] | null = null;

  /** `relay` sends media through TURN servers only. */
  @property({ attribute: false }) iceTransportPolicy: RTCIceTransportPolicy | null = null;

  /** A custom transport that replaces `signaling`. */
  @property({ attribute: false }) transport: SignalTransport | null = null;

  /**
   * Returns options for one call, which replace those of `config` with the same names while it lasts; or undefined.
   * Called once for each call, when it rings or was placed.
   */
  @property({ attribute: false }) requireConfig:
    ((call: CallSnapshot) => CallConfig | undefined) | null = null;

  /**
   * Returns the address of a picture of a user, or undefined. Addresses come from this page alone: one that a caller
   * could choose would learn the network address of this user before the answer.
   */
  @property({ attribute: false }) avatarFor: ((userID: string) => string | undefined) | null = null;

  /** Icons that replace those of the elements, by the names of the replaced ones. */
  @property({ attribute: false }) icons: CallIcons | null = null;

  /** Texts that override the texts of the language. */
  @property({ attribute: false }) texts: Partial<Texts> | null = null;

  static #nextOrigin: CallInvitationProvider | undefined;
  /** For a proxy: the provider that it represents elsewhere in the document. */
  readonly #origin = CallInvitationProvider.#nextOrigin;
  readonly #deviceChoices = createDeviceChoiceStorage();
  readonly #options = new PageOptions(
    this,
    () => this.#service.$call.get(),
    (error) => this.#service.report(error),
  );
  readonly #service: InvitationService = this.#origin
    ? this.#origin.#service
    : this.#createService();
  readonly #call = new StoreController<CallSnapshot>(this);
  readonly #endedCall = new StoreController<CallSnapshot | undefined>(this);
  readonly #context: ContextSource = new ContextSource(
    this,
    this.#origin ? this.#origin.#context.host : this.#createHost(),
  );
  readonly #settings = new SettingsLayer(this);
  readonly #waiting = new WaitingLayer(this);
  readonly #connecting = new ConnectingPhase(this);
  readonly #loader = new ViewLoader({
    isNeeded: () => !!this.#viewNow,
    host: () => this.#context.host,
    onChange: () => this.requestUpdate(),
    report: (error) => this.#service.report(error),
  });
  #topLayer: TopLayer | undefined;
  readonly #signOut = new DelayedSignOut(this.#service, () => this.#signIn());
  #signedIn: Identity | undefined;
  #transport: SignalTransport | undefined;
  #view: CallView | undefined;
  /** The box of the dialog of an incoming call, in the update that replaces it by the view of the call. */
  #answered: DOMRect | undefined;
  /** Contains the default elements. `TopLayer` may move it into a modal dialog of the page. */
  #layer!: HTMLElement;

  /** The call service of this user. The object and its stores stay the same for the life of the element. */
  get service(): CallInvitationService {
    return this.#service;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dispatchEvent(new ContextProviderEvent());
    this.#signOut.cancel();
    if (!this.#origin) {
      this.#call.attach(this.#service.$call);
      this.#endedCall.attach(this.#service.$endedCall);
      this.#connecting.attach(this.#service);
      this.#settings.attach(this.#service);
      this.#waiting.attach(this.#service);
    }
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#signOut.start(this.#signedIn);
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const error = objectAttributeError(this, name, value) ?? badConfig(name, value);
    // Not before the first update: properties that were set before the upgrade are applied by then.
    if (error) void this.updateComplete.then(() => this.#service.report(error));
    else super.attributeChangedCallback(name, old, value);
    if (name === 'lang') this.#context.renew();
  }

  /** A proxy renders nothing: it only contains the layer of its origin. */
  protected override shouldUpdate(): boolean {
    return !this.#origin;
  }

  /** Delays rendering of a call that is new to this page, so that its SDP offer and answer are sent first. */
  protected override async scheduleUpdate(): Promise<void> {
    this.#topLayer?.beforeChange();
    if (!this.#view && callViewOf(this.#call.value) === 'ongoing') {
      await new Promise((resolve) => setTimeout(resolve, VIEW_DELAY_MS));
    }
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    const next = this.#viewNow;
    if (next) this.#loader.load();
    if (this.#keepsDialog(next)) return;
    this.#connecting.end();
    const isAnswered = this.#view === 'incoming' && next === 'ongoing';
    const dialog = isAnswered ? this.#layer.querySelector('incoming-call-dialog') : undefined;
    // In a group, the view appears without motion: several first pictures are decoded at the same moment.
    const isGroup = (this.#call.value?.members.length ?? 0) > 2;
    this.#answered = isGroup ? undefined : dialog?.getBoundingClientRect();
    this.#view = next;
  }

  protected override render(): TemplateResult {
    const view = this.#view;
    return html`<slot></slot
      >${view ? html`<slot name=${view} @slotchange=${this.#onSlotChange}></slot>` : nothing}
      <div class="layer">
        ${this.#showsDefault ? this.#defaultElement(view as CallView) : nothing}
        ${this.noDefaultUI ? nothing : [this.#waiting.render(), this.#settings.render()]}
      </div>`;
  }

  protected override firstUpdated(): void {
    void reportMisspelledAttributes(this, (error) => this.#service.report(error));
    this.#layer = this.renderRoot.querySelector('.layer') as HTMLElement;
    this.#layer.popover = 'manual';
    this.#topLayer = new TopLayer(this, this.#layer, () => {
      CallInvitationProvider.#nextOrigin = this;
      const proxy = new CallInvitationProvider();
      CallInvitationProvider.#nextOrigin = undefined;
      return proxy;
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const showsMore = (this.#settings.isOpen || this.#waiting.isOpen) && !this.noDefaultUI;
    const open = this.isConnected && (this.#showsDefault || showsMore);
    if (open) showPopover(this.#layer);
    const isOwn = this.#view === 'outgoing' || this.#view === 'ongoing';
    const hasCall = this.#showsDefault && !isOver(this.#call.value?.status);
    this.#topLayer?.afterChange(open, isOwn, hasCall);
    if (open) this.#waiting.uncover(this.#layer);
    if (!open) hidePopover(this.#layer);
    if (
      (['texts', 'icons', 'config', 'requireConfig', 'avatarFor'] as const).some((name) =>
        changed.has(name),
      )
    )
      this.#context.renew();
    const signedIn = this.#signedIn;
    if (this.isConnected) this.#signIn();
    if (changed.has('token') && signedIn && signedIn === this.#signedIn) this.#service.reconnect();
  }

  /** The view for the call or, while there is none, for the end of the last one. `#view` is the rendered one. */
  get #viewNow(): CallView | undefined {
    return callViewOf(this.#call.value) ?? endedViewOf(this.#endedCall.value, this);
  }

  get #showsDefault(): boolean {
    return !!this.#view && !this.noDefaultUI && !this.#isReplaced(this.#view);
  }

  /** Whether the page has an element of its own for a view. */
  #isReplaced(view: CallView): boolean {
    return [...this.children].some(({ slot }) => slot === view);
  }

  /** Whether a default dialog shows that its call connects, before the default view of the call replaces it. */
  #keepsDialog(next: CallView | undefined): boolean {
    const isDialog = this.#view === 'incoming' || this.#view === 'outgoing';
    if (next !== 'ongoing' || !isDialog || !this.#showsDefault) return false;
    return !this.#isReplaced(next) && this.#connecting.lasts(this.#call.value);
  }

  #createService(): InvitationService {
    defineOnce('incoming-call-dialog', IncomingCallDialog);
    defineOnce('outgoing-call-dialog', OutgoingCallDialog);
    defineOnce('minimal-call-view', MinimalCallView);
    defineOnce('waiting-call-card', WaitingCallCard);
    defineOnce('call-settings', CallSettings);
    const { canTakeCalls, loadMedia } = pageEnvironment();
    const service = new InvitationService({
      config: () => this.#options.config() ?? {},
      invitationEvents: () => this.invitationEvents ?? {},
      canTakeCalls: canTakeCalls(),
      networkEvents: createBrowserNetworkEvents(),
      ...(canTakeCalls() && loadMedia?.(this, () => this.#transport, this.#deviceChoices)),
      callHistory: async (host) => (await providerCallHistory.load())(this, host),
      missedCalls: async (host) => (await providerMissedCalls.load())(this, this.#service, host),
    });
    dispatchCallbacks(service, this);
    return service;
  }

  #defaultElement(view: CallView): TemplateResult {
    if (view !== 'ongoing') return dialogs[view];
    const { hasFullView, hasFailed } = this.#loader;
    return hasFullView ? fullView(this.#answered) : minimalView(hasFailed);
  }

  /** Signs in, or signs out and in again, when the user, the signalling address or the transport changed. */
  #signIn(): void {
    if (this.#origin) return;
    const { userID, userName, transport } = this;
    const signaling = this.signaling || 'local:';
    const identity = this.isConnected && userID ? [userID, signaling, transport] : undefined;
    const before = this.#signedIn;
    if (identity && before ? isSame(identity, before) : identity === before) return;
    this.#signedIn = identity;
    this.#service.stop();
    if (!identity || !userID) return;
    const report = (error: unknown): void => this.#service.report(error);
    try {
      this.#service.start({
        user: { userID, ...(userName && { userName }) },
        transport: (this.#transport =
          transport ?? pageEnvironment().transportFor(signaling, report)),
        ...tabPorts(signaling, userID),
        token: () => (typeof this.token === 'function' ? this.token() : (this.token ?? '')),
        ...earlierSession(userID, identity),
      });
    } catch (error) {
      report(error);
    }
  }

  readonly #onSlotChange = (): void => this.requestUpdate();

  /** The values that the elements get through the context. */
  #createHost(): CallHost {
    return {
      element: this,
      service: this.#service,
      config: () => this.#options.config(),
      texts: () => this.texts,
      icons: () => this.icons,
      avatarFor: (userID) => this.#options.avatarFor(userID),
      ringer: () => this.#deviceChoices.read().ringer?.deviceId,
      canTakeCalls: pageEnvironment().canTakeCalls(),
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'call-invitation-provider': CallInvitationProvider;
  }
}
