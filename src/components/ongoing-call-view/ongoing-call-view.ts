import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { Maximize2 } from '../shared/lucide/maximize-2.js';
import { Minimize2 } from '../shared/lucide/minimize-2.js';
import { Phone } from '../shared/lucide/phone.js';
import { isInitiator, mayInvite } from '../../core/service/in-calling.js';
import type { CallSnapshot, Member, RemoteMediaSnapshot } from '../../core/service/snapshots.js';
import type { CallHost } from '../shared/context.js';
import { control, microphoneControl } from '../shared/controls.js';
import { DeviceNotices } from '../shared/device-notices.js';
import { callText } from '../shared/call-text.js';
import { directionOf, listNames } from '../shared/language.js';
import { RemoteSound } from '../shared/remote-sound.js';
import { CallControlsElement } from '../shared/call-controls-element.js';
import { presentOf } from '../shared/call-view.js';
import { centre, heading, roundButton, topBar } from '../shared/stage.js';
import { StoreController } from '../shared/store-controller.js';
import { CallMonitor } from './call-monitor.js';
import { callNotes } from './call-notes.js';
import { callDetails, timeTemplate } from './call-indicators.js';
import { DevicePanel } from './device-panel.js';
import { exportThroughProvider } from './exported-parts.js';
import { minimisedBar, type MinimisedContext } from './minimised-bar.js';
import { moreControl, morePanel, type MoreAction } from './more-panel.js';
import { MovableView } from './movable-view.js';
import type { SmallWindow } from './picture-in-picture.js';
import { pausedText } from './paused-pictures.js';
import { PictureSizesController } from './picture-sizes.js';
import { Panels } from './panels.js';
import { pictureCard } from './picture-card.js';
import { PinnedTile } from './pinned-tile.js';
import { ResizableWindow } from './resizable-window.js';
import { holdAction, resumeControl } from './hold-control.js';
import { screenControl } from './screen-control.js';
import { picturesOf, smallWindowTemplate } from './small-window.js';
import { SelfView } from './self-view.js';
import { SpeakingMarks } from './speaking-marks.js';
import { TileLayout } from './tile-layout.js';
import { VerificationPanel } from './verification-panel.js';
import { isVoice, tilesOf, tilesTemplate, type Tile, type TilesContext } from './tiles.js';
import { ViewMotion } from './view-motion.js';
import { viewStyles } from './view-styles.js';
import { WindowModes } from './window-modes.js';

/**
 * Shows the running call: video or avatars of its members, their names, the duration, the quality of the connection,
 * and the controls. It fills its container, or is a window above the page that can be moved and resized; minimised, it is a
 * small bar, or a card with a picture. It can also be shown in full screen and in a small window (picture-in-picture). Tiles of members who speak are marked. In a group, pressing
 * a tile enlarges it, and members who have not answered have tiles of their own.
 *
 * @slot invite - A control to invite more users: an `<invite-to-call-button>`.
 * @slot message - A control of the page beside Call again, after the end of the call: for example a button that opens a chat.
 * @fires {CallHangUpEvent} call-hang-up - The user pressed Hang up. Cancelable: `preventDefault()` keeps the call.
 * @fires {CallAgainEvent} call-again - The user pressed Call again after the end of the call. Cancelable.
 * @csspart tile - Each tile: a member, or a screen that a member shares.
 * @csspart waiting-tile - Each tile of an invited member of a group who has not answered.
 * @csspart more-button - The button that opens the panel with further controls.
 * @csspart verify-button - The button that shows the emoji of the verification, in that panel. Only while there is a link.
 * @csspart microphone-button - The button that mutes and unmutes the microphone.
 * @csspart camera-button - The button that turns the camera on and off.
 * @csspart screen-button - The button that shares the screen. Only in browsers that support it.
 * @csspart screen-pause-button - The button that pauses the shared screen. Only while this user shares one.
 * @csspart call-again-button - The button that calls the others again, after the end of the call.
 * @csspart close-end-button - The button that closes the end of the call.
 * @csspart hold-button - Puts the call on hold, on pages with call waiting. In the panel with further controls.
 * @csspart resume-button - Continues a call on hold.
 * @csspart hang-up-button - The button that leaves the call.
 * @cssstate open - A call is shown. Without this state, the element has `display: none`.
 * @cssstate picture - The view is minimised, and shows a picture of another member.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org">
 *   <ongoing-call-view slot="ongoing"></ongoing-call-view>
 * </call-invitation-provider>
 * ```
 */
export class OngoingCallView extends CallControlsElement {
  static override styles = viewStyles;

  /** Whether the view is a small bar, or a card with a picture. The call continues with sound. */
  @property({ type: Boolean, reflect: true }) minimised = false;

  /** @internal The box from which it grows when it is shown first. */
  growsFrom: DOMRect | undefined;

  readonly #remote = new StoreController<ReadonlyMap<string, RemoteMediaSnapshot>>(this);
  readonly #panels = new Panels(this);
  readonly #devices = new DevicePanel(this, this.#panels, (command) => this.run(command));
  readonly #notices = new DeviceNotices(this);
  readonly #sound = new RemoteSound(this, (error) => this.#onSpeakerFault(error));
  readonly #modes = new WindowModes(
    this,
    () => this.#smallWindow(),
    (error) => this.report(error),
  );
  readonly #monitor = new CallMonitor(this, () => this.#modes.root);
  readonly #verification = new VerificationPanel(this, this.#panels);
  readonly #speaking = new SpeakingMarks(this);
  readonly #pictureSizes = new PictureSizesController(this);
  readonly #incomingVideo = new StoreController<boolean>(this);
  readonly #movable = new MovableView(this, this.viewPlace);
  readonly #resizable = new ResizableWindow(this, this.viewPlace);
  readonly #selfView = new SelfView(this);
  #pinned = new PinnedTile();
  /** The picture of the minimised view, if it has one. */
  #card: Tile | undefined;
  /** IDs of members whom another user invited. This user cannot cancel their invitations. */
  readonly #invitedByOthers = new Set<string>();

  constructor() {
    super();
    this.addController(new TileLayout(this));
    this.addController(new ViewMotion(this, () => this.isOpen && this.#isInLayer));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#isInLayer) exportThroughProvider(this);
  }

  /** Whether the view is above the page, not placed in it. */
  get #isInLayer(): boolean {
    return this.hasAttribute('in-layer');
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const shown = this.isConnected && this.view === 'ongoing';
    this.setState('open', shown);
    this.setState('video', this.call?.callType === 'video');
    if (!shown) {
      this.minimised = false;
      this.#panels.close();
      this.#invitedByOthers.clear();
      this.#pinned = new PinnedTile();
    }
    const runs = shown && this.call?.status !== 'ended';
    const automatic = this.host?.config()?.page?.autoPictureInPicture !== false;
    this.#modes.watch(runs, runs ? this.#mainTile?.stream : undefined, automatic);
    const showsTiles = shown && !this.minimised && this.call?.status === 'active';
    this.#speaking.watch(showsTiles ? this.service : undefined);
    const place = this.#modes.picturePlace;
    this.#card = runs && place === 'none' && !this.call?.onHold ? this.#mainTile : undefined;
    this.setState('picture', !!this.#card);
    const { service } = this;
    this.#pictureSizes.watch(runs ? service : undefined, this.call, this.#card ? 'card' : place);
    this.#monitor.watch(this.service, shown ? this.call : undefined);
    this.#notices.watch(shown && this.call?.status !== 'ended' ? this.#devices.devices : undefined);
    this.listenToShortcuts(shown && this.call?.status !== 'ended');
    const speaker = this.#devices.devices?.selected.speaker;
    this.#sound.play((shown && this.#remote.value?.values()) || [], speaker);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, texts } = this;
    if (!call || this.view !== 'ongoing') return nothing;
    const names = listNames(this.#names(call), texts);
    return html`<section
      class="stage ${this.minimised ? (this.#card ? 'card' : 'bar') : ''} ${call.status}"
      aria-label=${texts.callWith(names)}
      tabindex="-1"
      lang=${texts.lang}
      dir=${directionOf(texts)}
      @keydown=${this.#onKeyDown}
      @pointerdown=${this.#movable.onPointerDown}
    >
      ${this.announcer.template()} ${this.minimised ? this.#small(call) : this.#full(call)}
      ${this.#modes.videoTemplate()}
      ${this.#isInLayer && !this.minimised ? this.#handles() : nothing}
    </section>`;
  }

  protected override providerChanged(host: CallHost | undefined): void {
    super.providerChanged(host);
    this.#remote.attach(host?.service.$remoteMedia);
    this.#devices.attach(host?.service);
    this.#incomingVideo.attach(host?.service.$incomingVideo);
    this.#verification.attach(host?.service);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    this.#panels.onKeyDown(event);
    this.closeEndAtEscape(event);
  };

  #names(call: CallSnapshot): readonly string[] {
    return presentOf(call).map(({ userName }) => userName);
  }

  #full(call: CallSnapshot): TemplateResult {
    const { texts, avatar } = this;
    const names = this.#names(call);
    const others = presentOf(call);
    if (call.status === 'ended') {
      const status = this.#verification.failureText(call, texts) ?? callText(call, texts);
      return html`${topBar(nothing, nothing, nothing)}
        ${centre({ names, texts, status, users: others, avatar, details: this.#time() })}
        <div class="foot">${this.endedFoot()}</div>`;
    }
    const tiles = this.#tiles(call);
    const isMuted = others.length === 1 && others.some(this.#isMuted);
    const details = callDetails(call, texts, this.#time(), this.#monitor.quality, isMuted);
    const state = { names, texts, status: callText(call, texts), details };
    const voice = isVoice(tiles);
    const actions = this.#actions(call);
    return html`${
        voice
          ? centre({ ...state, users: others, avatar, part: 'tile' })
          : tilesTemplate(tiles, this.#tilesContext(call, tiles))
      }
      ${topBar(
        roundButton('minimise', texts.minimise, Minimize2, () => this.#minimise(true)),
        voice ? nothing : heading(state),
        html`<slot name="invite"></slot> ${this.#devices.flipButton(this.local, texts)}
          ${this.#modes.button(texts)} ${this.#devices.button(texts)}`,
      )}
      ${this.#verification.panel(call, texts)} ${this.#devices.panel(texts)}
      ${morePanel(this.#panels, actions, texts)}
      <div class="foot">${this.#controls(call, actions)}</div>`;
  }

  #tilesContext(call: CallSnapshot, tiles: readonly Tile[]): TilesContext {
    const { texts, avatar } = this;
    return {
      ...{ texts, avatar, muted: this.#isMuted },
      enlarged: this.#pinned.of(tiles),
      paused: (member) => pausedText(call, member, texts),
      selfView: { corner: this.#selfView.corner, button: this.#selfView.button(texts) },
      mirrored: this.local?.facing !== 'environment',
      mayCancel: ({ userID }) => !this.#invitedByOthers.has(userID) && this.#mayInvite(call),
      onPin: (tile) => this.#pin(tile, tiles),
      onCancel: (member) => this.#cancel(member),
    };
  }

  /** The controls that are not in the row. */
  #actions(call: CallSnapshot): readonly MoreAction[] {
    const { texts, host } = this;
    return [
      holdAction(call, host, texts),
      this.#verification.action(call, texts),
      this.#modes.action(texts),
    ].filter((action) => action !== undefined);
  }

  #tiles(call: CallSnapshot): Tile[] {
    const receives = this.#incomingVideo.value !== false && !this.isAudioOnly;
    return tilesOf(call, this.local, receives ? this.#remote.value : undefined);
  }

  /** A microphone counts as muted only after its state is known. */
  readonly #isMuted = ({ self, microphone, userID }: Member): boolean =>
    !microphone &&
    (self ? this.local?.microphone !== 'pending' : !!this.#remote.value?.get(userID));

  /** The enlarged tile with a picture, else the first one of another member. */
  get #mainTile(): Tile | undefined {
    const tiles = this.call ? this.#tiles(this.call) : [];
    const enlarged = this.#pinned.of(tiles);
    return picturesOf(tiles, enlarged).find(({ member, stream }) => !member.self && stream);
  }

  #smallWindow(): SmallWindow | undefined {
    const { call, texts } = this;
    if (!call || this.view !== 'ongoing') return undefined;
    const tiles = this.#tiles(call);
    const names = listNames(this.#names(call), texts);
    const { microphone, camera } = this.deviceControls({});
    const controls = html`${microphone} ${camera}
    ${control('restore-button', texts.restore, Maximize2, this.#modes.returnToPage)}
    ${control('hang-up-button', texts.hangUp, Phone, this.hangUp, 'end')}`;
    const content = smallWindowTemplate({
      ...{ texts, avatar: this.avatar, names, tiles, controls },
      enlarged: this.#pinned.of(tiles),
      muted: this.#isMuted,
      status: callText(call, texts),
      time: this.#time(),
    });
    return { title: texts.callWith(names), texts, content };
  }

  #controls(call: CallSnapshot, actions: readonly MoreAction[]): TemplateResult {
    const { texts, local, host } = this;
    const screen = screenControl(!!local?.screen, texts, this.#onScreen);
    const notes = callNotes(call, local, texts, {
      notices: this.#notices.shown,
      onTurnSoundOn: this.#sound.blocked ? this.#onSound : undefined,
      onRetry: this.retryDevices,
      onUnmute: this.toggleMicrophone,
      onPauseScreen: (on) => this.run(this.service?.pauseScreen(on)),
    });
    return html`<div class="notes">${notes}${this.#verification.note(call, texts)}</div>
      ${this.dock({
        ...this.deviceControls(this.shortcutKeys),
        ...(!call.onHold && { screen }),
        more: resumeControl(call, host, texts) ?? moreControl(this.#panels, actions, texts),
      })}`;
  }

  /** What moves and resizes the window. */
  #handles(): TemplateResult {
    const { texts } = this;
    return html`<div class="handles">
      ${this.#resizable.handles(texts)}${this.#movable.handle(texts)}
    </div>`;
  }

  /** The minimised view. */
  #small(call: CallSnapshot): TemplateResult {
    const { texts, local, avatar, toggleMicrophone, shortcutKeys } = this;
    const card = this.#card;
    const note = this.endedNote();
    const microphone = (): TemplateResult =>
      microphoneControl(local?.microphone, texts, toggleMicrophone, shortcutKeys.microphone);
    const context: Omit<MinimisedContext, 'avatar' | 'actions' | 'note'> = {
      handle: this.#isInLayer ? this.#movable.handle(texts) : nothing,
      names: this.#names(call),
      time: this.#time(),
      onRestore: () => this.#minimise(false),
      onTurnSoundOn: this.#sound.blocked ? this.#onSound : undefined,
      controls: html`${call.onHold ? nothing : microphone()} ${this.hangUpControl()}`,
    };
    if (card) {
      const [status, paused] = [callText(call, texts), pausedText(call, card.member, texts)];
      return pictureCard(card, texts, { ...context, status, paused });
    }
    const actions = call.status === 'ended' ? this.endedControls(note) : nothing;
    return minimisedBar(call, texts, { ...context, avatar, actions, note });
  }

  #time(): TemplateResult | typeof nothing {
    return this.#monitor.elapsedMs === undefined ? nothing : timeTemplate(this.texts);
  }

  #minimise(minimised: boolean): void {
    this.minimised = minimised;
    this.#panels.close();
    this.#modes.keepSize();
  }

  #mayInvite(call: CallSnapshot): boolean {
    const userID = this.service?.user?.userID;
    return isInitiator(userID, call) || mayInvite(this.host?.config() ?? {}, userID, call);
  }

  #pin(tile: Tile, tiles: readonly Tile[]): void {
    this.#pinned.press(tile, tiles);
    this.requestUpdate();
  }

  #cancel({ userID }: Member): void {
    const canceled = this.service?.cancelInvitee(userID).then((done) => {
      if (!done) this.#invitedByOthers.add(userID);
      this.requestUpdate();
    });
    this.run(canceled);
  }

  /** The default speaker is used from now on, also in the store. */
  #onSpeakerFault(error: unknown): void {
    this.report(error);
    this.#devices.choose('audiooutput', '');
  }

  readonly #onScreen = (): void => this.run(this.service?.shareScreen(!this.local?.screen));

  readonly #onSound = (): void => this.#sound.unblock();
}

declare global {
  interface HTMLElementTagNameMap {
    'ongoing-call-view': OngoingCallView;
  }
}
