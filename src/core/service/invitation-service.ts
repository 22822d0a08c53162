import type { Command } from '../machine/events.js';
import type { SavedCall, SendResult } from '../machine/types.js';
import type { MediaPreview, SelectableKind, Verification } from '../ports/media.js';
import type { CallErrorCode, CallUser } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { startSession } from './call-session.js';
import type { CallSession } from './session-types.js';
import { createCallbacks, type Callbacks, type Handler } from './callbacks.js';
import { CallPlacement } from './call-placement.js';
import { checkInvite, checkMerge, checkTransfer } from './check-invite.js';
import { cancelCommand, checkAccept, checkCustomData, checkUser } from './commands.js';
import { Effects } from './effects.js';
import { HistoryCommands } from './history-commands.js';
import { EndedCall } from './ended-call.js';
import { MediaAccess } from './media-access.js';
import { MediaEvents } from './media-events.js';
import { createMediaRunner, type MediaRunner } from './media-runner.js';
import { PreferenceCommands } from './preference-commands.js';
import { PublicStores } from './public-stores.js';
import { randomIds } from './random-ids.js';
import { readScreenOptions } from './screen-options.js';
import { createStores, type Stores } from './stores.js';
import { systemClock } from '../clock/system-clock.js';
import type {
  AcceptOptions,
  CancelOptions,
  CallInvitationService,
  InviteOptions,
  PictureSizes,
  SendOptions,
  ServiceEnvironment,
  Session,
  TransferOptions,
} from './types.js';
import type { CallbackMap, CallbackName } from './callback-types.js';
import type { CallConfig, ScreenConfig } from './call-config.js';
import type { LocalMediaSnapshot } from './snapshots.js';

/**
 * The call invitations of one page. It outlives sessions: users sign in and out with `start` and `stop`, while the
 * stores stay the same objects.
 */
export class InvitationService extends PublicStores implements CallInvitationService {
  static {
    // What `markRaw` of Vue sets: `ref(service)` and `reactive({ service })` would hide the private fields by a proxy.
    Object.defineProperty(this.prototype, '__v_skip', { value: true });
  }

  readonly #environment: ServiceEnvironment;
  readonly #callbacks: Callbacks;
  readonly #stores: Stores;
  readonly #effects: Effects;
  readonly #media: MediaRunner;
  readonly #mediaAccess: MediaAccess;
  readonly #calls: HistoryCommands;
  readonly #preferences: PreferenceCommands;
  readonly #endedCall: EndedCall;
  readonly #placement: CallPlacement;
  #session: CallSession | undefined;
  #destroyed = false;

  constructor(environment: ServiceEnvironment) {
    const { invitationEvents, logger, media } = environment;
    const callbacks = createCallbacks(() => invitationEvents?.(), logger);
    const stores = createStores(callbacks.report);
    super(stores);
    this.#environment = environment;
    this.#callbacks = callbacks;
    this.#stores = stores;
    const config = () => this.#config();
    const clock = environment.clock ?? systemClock;
    const endSeconds = () => config().endScreenSeconds;
    const hideEnd = () => this.#session?.hideEnd();
    this.#endedCall = new EndedCall(clock, stores, this, endSeconds, hideEnd);
    const { report } = callbacks;
    this.#effects = new Effects(() => config().media, stores);
    this.#media = createMediaRunner(
      media,
      config,
      () => this.user?.userID ?? '',
      (invalid) => this.#effects.stages(invalid),
      (event) => mediaEvents.handle(event),
      report,
    );
    const link: CallSession['link'] = (event) => this.#session?.link(event);
    const mediaEvents = new MediaEvents(stores, this.#effects, this.#media, report, link);
    this.#mediaAccess = new MediaAccess(this.#media, stores, config, () => this.#assertAlive());
    this.#placement = new CallPlacement({
      config,
      callID: () => (environment.ids ?? randomIds).callID(),
      session: () => this.#session,
      assertAlive: () => this.#assertAlive(),
    });
    const session = () => {
      this.#assertAlive();
      return this.#session;
    };
    this.#calls = new HistoryCommands(this, session);
    this.#preferences = new PreferenceCommands(stores, session, environment.clock);
  }

  get user(): CallUser | undefined {
    return this.#session?.user;
  }

  get deviceID(): string {
    return this.#session?.deviceID ?? '';
  }

  /** Number of received messages that were ignored since the start: malformed, unknown, too large or forged ones. */
  get ignoredMessages(): number {
    return this.#session?.ignored ?? 0;
  }

  /**
   * Starts a session: signs a user in and connects. The previous session is ended as by `stop`.
   * @throws {CallError} `invalid-argument` for a bad userID, `destroyed`
   */
  start(session: Session): void {
    const user = checkUser(session.user);
    this.stop();
    this.#assertAlive();
    const { clock = systemClock, ids = randomIds } = this.#environment;
    this.#session = startSession(user, ids.deviceID(), session, {
      service: this,
      environment: this.#environment,
      clock,
      callbacks: this.#callbacks,
      stores: this.#stores,
      media: this.#media,
    });
  }

  reconnect(): void {
    this.#assertAlive();
    this.#session?.reconnect();
  }

  /**
   * The data that a page saves before a reload, to pass it to the next `start` as `resume`. Undefined without a call.
   */
  saved(): SavedCall | undefined {
    return this.#session?.savedCall();
  }

  /**
   * Ends the session, as closing the tab would. The stores then show `offline` and no call.
   * @param continued ID of the call that another session continues: this one does not leave it. Default: it leaves all
   */
  stop(continued?: string): void {
    this.#stop('not-connected', continued);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#stop('destroyed');
    this.#media.destroy();
  }

  send(options: SendOptions): Promise<SendResult> {
    return this.#placement.send(options);
  }

  async cancel(options: CancelOptions = {}): Promise<boolean> {
    return this.#ask(cancelCommand(options));
  }

  async accept(options: AcceptOptions = {}): Promise<boolean> {
    const { callID, status } = this.$call.get();
    const checked = checkAccept(options);
    if (status === 'incoming' && !this.#media.ready) {
      await this.#media.load();
      // The call may be over by now, and another one may ring.
      if (this.$call.get().callID !== callID) return false;
    }
    return this.#ask({ type: 'user.accept', ...checked });
  }

  async decline(options: { customData?: string } = {}): Promise<boolean> {
    return this.#ask({ type: 'user.decline', customData: checkCustomData(options.customData) });
  }

  silence(): boolean {
    this.#assertAlive();
    const { callID, status } = this.$waitingCall.get() ?? this.$call.get();
    if (status !== 'incoming') return false;
    this.#session?.silence(callID);
    return true;
  }

  async invite(options: InviteOptions): Promise<boolean> {
    return this.#ask(checkInvite(options, this.user, this.$call.get(), this.#config()));
  }

  readonly cancelInvitee = (userID: string): Promise<boolean> => this.cancel({ callees: [userID] });

  async join(callID: string): Promise<boolean> {
    this.#assertAlive();
    if (this.#session && !this.#media.ready) await this.#media.load();
    return this.#ask({ type: 'user.join', callID });
  }

  readonly hangUp = (): Promise<boolean> => this.#ask({ type: 'user.hang-up' });

  readonly hold = (): Promise<boolean> => this.#ask({ type: 'user.hold' });

  readonly resume = (): Promise<boolean> => this.#ask({ type: 'user.unhold' });

  readonly swap = (): Promise<boolean> => this.#ask({ type: 'user.swap' });

  async merge(): Promise<boolean> {
    return this.#ask(checkMerge(this.$call.get(), this.#config()));
  }

  async transfer(user: string | CallUser, options: TransferOptions = {}): Promise<boolean> {
    const call = this.$call.get();
    return this.#ask(checkTransfer(user, options, this.user, call, this.#config()));
  }

  readonly redialEndedCall = (): Promise<boolean> => this.#endedCall.again();

  readonly dismissEndedCall = (): boolean => this.#endedCall.dismiss();

  readonly keepEndedCall = (): (() => void) => this.#endedCall.keep();

  readonly redialLostCall = async (): Promise<boolean> =>
    !!this.$lostCall.get() && this.#endedCall.again();

  readonly dismissLostCall = (): boolean => !!this.$lostCall.get() && this.#endedCall.dismiss();

  dialBack(callID: string): Promise<boolean> {
    return this.#calls.withMissedCalls((missed) => missed.dialBack(callID));
  }

  clickMissedCall(callID: string): Promise<boolean> {
    return this.#calls.withMissedCalls((missed) => missed.click(callID));
  }

  markMissedCallsSeen(callIDs: readonly string[]): Promise<boolean> {
    return this.#calls.markSeen(callIDs);
  }

  dismissMissedCall(callID: string): Promise<boolean> {
    return this.#calls.withMissedCalls((missed) => missed.dismiss([callID]));
  }

  dismissMissedCalls(callIDs?: readonly string[]): Promise<boolean> {
    return this.#calls.withMissedCalls((missed) => missed.dismiss(callIDs));
  }

  readonly callAgain = (callID: string): Promise<SendResult> => this.#calls.callAgain(callID);

  readonly deleteHistory = (calls: readonly string[] | 'all'): Promise<boolean> =>
    this.#calls.delete(calls);

  readonly restoreHistory = (callIDs: readonly string[]): Promise<boolean> =>
    this.#calls.restore(callIDs);

  readonly reloadHistory = (): Promise<boolean> =>
    this.#calls.withHistory((history) => history.reload());

  readonly enableNotifications = (): Promise<boolean> =>
    this.#calls.withMissedCalls((missed) => missed.enableNotifications());

  readonly enterAcceptedCall = (): Promise<boolean> =>
    this.#calls.withMissedCalls((missed) => missed.enterAcceptedCall());

  readonly enablePush = (): Promise<boolean> =>
    this.#calls.withMissedCalls((missed) => missed.enablePush());

  readonly disablePush = (): Promise<boolean> =>
    this.#calls.withMissedCalls((missed) => missed.disablePush());

  readonly setDoNotDisturb: CallInvitationService['setDoNotDisturb'] = (value) =>
    this.#preferences.setDoNotDisturb(value);

  readonly block: CallInvitationService['block'] = (user) => this.#preferences.block(user);

  readonly unblock: CallInvitationService['unblock'] = (userID) =>
    this.#preferences.unblock(userID);

  callDuration(): number | undefined {
    return this.#session?.elapsedMs;
  }

  setMicrophone(on: boolean): Promise<void> {
    return this.#mediaAccess.inCall((media) => media.setMicrophone(on));
  }

  setCamera(on: boolean): Promise<void> {
    return this.#mediaAccess.inCall((media) => media.setCamera(on), { pictures: on });
  }

  async shareScreen(on: boolean, options?: ScreenConfig): Promise<void> {
    const { report } = this.#callbacks;
    const how = on ? readScreenOptions(this.#config().screen, options, report) : undefined;
    return this.#mediaAccess.inCall((media) => media.shareScreen(on, how), { pictures: on });
  }

  pauseScreen(on: boolean): Promise<void> {
    return this.#mediaAccess.inCall(async (media) => media.pauseScreen?.(on));
  }

  async setIncomingVideo(on: boolean): Promise<void> {
    this.#assertAlive();
    this.#stores.set(this.#stores.$incomingVideo, on);
    this.#media.setIncomingVideo(on);
  }

  setPictureSizes(sizes: ReadonlyMap<string, PictureSizes>): void {
    if (!this.#destroyed && this.#stores.inCall()) this.#media.setPictureSizes(sizes);
  }

  selectDevice(kind: SelectableKind, deviceId: string): Promise<void> {
    return this.#mediaAccess.always((media) => media.selectDevice(kind, deviceId));
  }

  async setEffect(name: string, on: boolean): Promise<void> {
    this.#assertAlive();
    this.#effects.set(name, on);
    this.#media.refreshProcessing();
  }

  flipCamera(): Promise<void> {
    return this.#mediaAccess.inCall((media) => media.flipCamera());
  }

  preview(changed: (media: LocalMediaSnapshot) => void): Promise<MediaPreview> {
    this.#effects.stages();
    return this.#mediaAccess.always(async (media) => media.preview(changed));
  }

  openSettings(): void {
    this.#assertAlive();
    this.#stores.set(this.#stores.$settingsOpen, true);
  }

  closeSettings(): void {
    this.#stores.set(this.#stores.$settingsOpen, false);
  }

  quality(userID: string): Promise<0 | 1 | 2 | 3 | undefined> {
    return this.#mediaAccess.measure(undefined, (media) => media.quality(userID));
  }

  verification(userID: string): Verification | undefined {
    return this.$verification.get().get(userID);
  }

  audioLevels(): Promise<ReadonlyMap<string, number>> {
    return this.#mediaAccess.measure(new Map<string, number>(), (media) =>
      media.audioLevels(this.user?.userID ?? ''),
    );
  }

  listen<K extends CallbackName>(
    name: K,
    handle: (...args: CallbackMap[K]) => unknown,
  ): () => void {
    return this.#callbacks.listen(name, handle as Handler);
  }

  report(error: unknown): void {
    this.#callbacks.report(error);
  }

  #config(): CallConfig {
    return this.#environment.config?.() ?? {};
  }

  #assertAlive(): void {
    if (this.#destroyed) throw new CallError('destroyed');
  }

  #stop(code: CallErrorCode, continued?: string): void {
    const session = this.#session;
    this.#session = undefined;
    session?.stop(code, continued);
    this.#endedCall.clear();
  }

  async #ask(command: Command): Promise<boolean> {
    this.#assertAlive();
    return this.#session ? this.#session.execute<boolean>(command) : false;
  }
}
