import { atom, type WritableAtom } from 'nanostores';
import type { CallUser, MemberState } from '../../src/core/protocol/vocabulary.js';
import type { CallHistoryEntry, CallHistoryState } from '../../src/core/ports/call-history.js';
import type { EffectState } from '../../src/core/ports/media-effects.js';
import type {
  DeviceList,
  MediaPreview,
  SelectableKind,
  Verification,
} from '../../src/core/ports/media.js';
import type { MissedCallEntry } from '../../src/core/ports/missed-calls.js';
import type { CallError } from '../../src/core/service/call-error.js';
import type {
  AcceptOptions,
  CallInvitationService,
  InviteOptions,
  PictureSizes,
  SendOptions,
  SendResult,
  DoNotDisturb,
} from '../../src/core/service/types.js';
import type { CallbackMap, CallbackName } from '../../src/core/service/callback-types.js';
import type {
  CallSnapshot,
  Connection,
  LocalMediaSnapshot,
  Member,
  RemoteMediaSnapshot,
} from '../../src/core/service/snapshots.js';

export const user = (userID: string, userName = userID): CallUser => ({ userID, userName });

export const member = (
  { userID, userName }: CallUser,
  state: MemberState,
  more: Partial<Member> = {},
): Member => ({
  userID,
  userName,
  state,
  self: false,
  customData: '',
  microphone: false,
  camera: false,
  screen: false,
  picturePaused: false,
  ownPicturePaused: false,
  connection: undefined,
  ...more,
});

export const NO_CALL: CallSnapshot = {
  status: 'idle',
  callID: '',
  callType: 'voice',
  customData: '',
  group: false,
  initiator: undefined,
  inviter: undefined,
  members: [],
  endReason: undefined,
  startedAt: undefined,
  silenced: false,
};

export const NO_MEDIA: LocalMediaSnapshot = {
  stream: undefined,
  screen: undefined,
  microphone: 'off',
  camera: 'off',
};

/** A command with its arguments. */
export type Command = readonly [name: string, ...args: unknown[]];

/** A service that only records its commands. Its stores are set by the test. */
export class FakeService implements CallInvitationService {
  user = user('ann', 'Ann Berg');
  readonly deviceID = 'device';
  readonly $connection = atom<Connection>('connected');
  readonly $call: WritableAtom<CallSnapshot> = atom(NO_CALL);
  readonly $waitingCall = atom<CallSnapshot | undefined>(undefined);
  readonly $heldCalls = atom<readonly CallSnapshot[]>([]);
  readonly $localMedia: WritableAtom<LocalMediaSnapshot> = atom(NO_MEDIA);
  readonly $remoteMedia = atom<ReadonlyMap<string, RemoteMediaSnapshot>>(new Map());
  readonly $devices = atom<DeviceList>({
    microphones: [],
    cameras: [],
    speakers: [],
    selected: {},
  });
  readonly $effects: WritableAtom<readonly EffectState[]> = atom([]);
  readonly $verification: WritableAtom<ReadonlyMap<string, Verification>> = atom(new Map());
  readonly $incomingVideo = atom(true);
  readonly $missedCalls = atom<readonly MissedCallEntry[]>([]);
  readonly $callHistory = atom<readonly CallHistoryEntry[]>([]);
  readonly $callHistoryState = atom<CallHistoryState>('ready');
  readonly $doNotDisturb = atom<boolean | { readonly until: number }>(false);
  readonly $blocked = atom<readonly CallUser[]>([]);
  readonly $settingsOpen = atom(false);
  readonly $endedCall = atom<CallSnapshot | undefined>(undefined);
  readonly $lostCall = atom<CallSnapshot | undefined>(undefined);
  readonly commands: Command[] = [];
  /** Callbacks of the open previews. */
  readonly previews = new Set<(media: LocalMediaSnapshot) => void>();
  /** The level that previews measure. */
  microphoneLevel: number | undefined;
  readonly reported: unknown[] = [];
  /** The error with which the next commands reject. */
  failure: CallError | undefined;
  currentQuality: 0 | 1 | 2 | 3 | undefined = 3;
  currentLevels: ReadonlyMap<string, number> = new Map();
  /** Number of calls of `audioLevels()`. */
  levelRequests = 0;
  /** IDs of users whose invitation `cancelInvitee` cannot cancel. */
  readonly inviteesOfOthers = new Set<string>();
  /** The result of `invite()`. */
  inviteResult = true;
  #started: { readonly at: number; readonly since: number } | undefined;
  #duration: number | undefined;
  readonly #handlers: Partial<Record<CallbackName, Set<() => void>>> = {};

  send(options: SendOptions): Promise<SendResult> {
    return this.#record('send', options).then(() => ({ callID: 'call', unreachable: [] }));
  }
  cancel(): Promise<boolean> {
    return this.#record('cancel');
  }
  accept(options: AcceptOptions = {}): Promise<boolean> {
    return this.#record('accept', ...(Object.keys(options).length ? [options] : []));
  }
  decline(options?: { customData?: string }): Promise<boolean> {
    return this.#record('decline', ...(options ? [options] : []));
  }
  silence(): boolean {
    this.commands.push(['silence']);
    this.show({ ...this.$call.get(), silenced: true });
    return true;
  }
  invite(options: InviteOptions): Promise<boolean> {
    return this.#record('invite', options).then(() => this.inviteResult);
  }
  reconnect(): void {
    this.commands.push(['reconnect']);
  }
  callDuration(): number | undefined {
    const { startedAt, status } = this.$call.get();
    if (startedAt === undefined) return undefined;
    // `startedAt` gives the duration of the call at the first access.
    if (this.#started?.at !== startedAt) {
      this.#started = { at: startedAt, since: performance.now() - (Date.now() - startedAt) };
    }
    if (status !== 'ended') this.#duration = performance.now() - this.#started.since;
    return this.#duration;
  }
  async setDoNotDisturb(value: DoNotDisturb): Promise<boolean> {
    await this.#record('setDoNotDisturb', value);
    const until = typeof value === 'boolean' ? undefined : Number(value.until);
    this.$doNotDisturb.set(until === undefined ? value === true : { until });
    return true;
  }
  async block(user: string | { userID: string; userName?: string }): Promise<boolean> {
    await this.#record('block', user);
    const { userID, userName = userID } = typeof user === 'string' ? { userID: user } : user;
    this.$blocked.set([...this.$blocked.get(), { userID, userName }]);
    return true;
  }
  async unblock(userID: string): Promise<boolean> {
    await this.#record('unblock', userID);
    this.$blocked.set(this.$blocked.get().filter((user) => user.userID !== userID));
    return true;
  }
  cancelInvitee(userID: string): Promise<boolean> {
    return this.#record('cancelInvitee', userID).then(() => !this.inviteesOfOthers.has(userID));
  }
  join(callID: string): Promise<boolean> {
    return this.#record('join', callID);
  }
  hangUp(): Promise<boolean> {
    return this.#record('hangUp');
  }
  hold(): Promise<boolean> {
    return this.#record('hold');
  }
  resume(): Promise<boolean> {
    return this.#record('resume');
  }
  swap(): Promise<boolean> {
    return this.#record('swap');
  }
  merge(): Promise<boolean> {
    return this.#record('merge');
  }
  transfer(...options: Parameters<CallInvitationService['transfer']>): Promise<boolean> {
    return this.#record('transfer', ...options);
  }
  async setMicrophone(on: boolean): Promise<void> {
    await this.#record('setMicrophone', on);
  }
  async setCamera(on: boolean): Promise<void> {
    await this.#record('setCamera', on);
  }
  async shareScreen(on: boolean): Promise<void> {
    await this.#record('shareScreen', on);
  }
  async pauseScreen(on: boolean): Promise<void> {
    await this.#record('pauseScreen', on);
  }
  async setIncomingVideo(on: boolean): Promise<void> {
    await this.#record('setIncomingVideo', on);
    this.$incomingVideo.set(on);
  }
  /** The sizes that were set last. Not a recorded command: views set them at any time. */
  pictureSizes: ReadonlyMap<string, PictureSizes> = new Map();
  setPictureSizes(sizes: ReadonlyMap<string, PictureSizes>): void {
    this.pictureSizes = sizes;
  }
  async selectDevice(kind: SelectableKind, deviceId: string): Promise<void> {
    await this.#record('selectDevice', kind, deviceId);
  }
  async setEffect(name: string, on: boolean): Promise<void> {
    await this.#record('setEffect', name, on);
  }
  async flipCamera(): Promise<void> {
    await this.#record('flipCamera');
  }
  async preview(changed: (media: LocalMediaSnapshot) => void): Promise<MediaPreview> {
    await this.#record('preview');
    this.previews.add(changed);
    return {
      setMicrophone: (on) => this.#record('preview setMicrophone', on).then(() => {}),
      setCamera: (on) => this.#record('preview setCamera', on).then(() => {}),
      level: () => this.microphoneLevel,
      close: () => {
        this.commands.push(['preview close']);
        this.previews.delete(changed);
      },
    };
  }
  redialEndedCall(): Promise<boolean> {
    return this.#record('redialEndedCall');
  }
  dismissEndedCall(): boolean {
    this.commands.push(['dismissEndedCall']);
    this.$endedCall.set(undefined);
    if (this.$call.get().status === 'ended') this.$call.set(NO_CALL);
    return true;
  }
  /** Number of views that keep the end of the call. */
  endedCallKeepers = 0;
  keepEndedCall(): () => void {
    this.endedCallKeepers++;
    return () => {
      this.endedCallKeepers--;
    };
  }
  redialLostCall(): Promise<boolean> {
    return this.#record('redialLostCall');
  }
  dismissLostCall(): boolean {
    this.commands.push(['dismissLostCall']);
    this.$lostCall.set(undefined);
    return true;
  }
  openSettings(): void {
    this.$settingsOpen.set(true);
  }
  closeSettings(): void {
    this.$settingsOpen.set(false);
  }
  async quality(): Promise<0 | 1 | 2 | 3 | undefined> {
    return this.currentQuality;
  }
  verification(userID: string): Verification | undefined {
    return this.$verification.get().get(userID);
  }

  async audioLevels(): Promise<ReadonlyMap<string, number>> {
    this.levelRequests++;
    return this.currentLevels;
  }
  dialBack(callID: string): Promise<boolean> {
    return this.#record('dialBack', callID);
  }
  async dismissMissedCall(callID: string): Promise<boolean> {
    await this.#record('dismissMissedCall', callID);
    this.$missedCalls.set(this.$missedCalls.get().filter((missed) => missed.callID !== callID));
    return true;
  }
  async dismissMissedCalls(callIDs?: readonly string[]): Promise<boolean> {
    await this.#record('dismissMissedCalls', callIDs);
    const kept = (callID: string) => !!callIDs && !callIDs.includes(callID);
    this.$missedCalls.set(this.$missedCalls.get().filter(({ callID }) => kept(callID)));
    return true;
  }
  markMissedCallsSeen(callIDs: readonly string[]): Promise<boolean> {
    return this.#record('markMissedCallsSeen', callIDs);
  }
  clickMissedCall(callID: string): Promise<boolean> {
    return this.#record('clickMissedCall', callID);
  }
  callAgain(callID: string): Promise<SendResult> {
    return this.#record('callAgain', callID).then(() => ({ callID: 'call', unreachable: [] }));
  }
  /** Calls that `restoreHistory` can restore. */
  #deletedHistory: readonly CallHistoryEntry[] = [];
  async deleteHistory(calls: readonly string[] | 'all'): Promise<boolean> {
    await this.#record('deleteHistory', calls);
    const all = this.$callHistory.get();
    const isDeleted = ({ callID }: CallHistoryEntry) => calls === 'all' || calls.includes(callID);
    this.#deletedHistory = all.filter(isDeleted);
    this.$callHistory.set(all.filter((entry) => !isDeleted(entry)));
    return true;
  }
  async restoreHistory(callIDs: readonly string[]): Promise<boolean> {
    await this.#record('restoreHistory', callIDs);
    const all = [...this.$callHistory.get(), ...this.#deletedHistory];
    this.$callHistory.set(all.sort((a, b) => b.at - a.at));
    return true;
  }
  reloadHistory(): Promise<boolean> {
    return this.#record('reloadHistory');
  }
  enableNotifications(): Promise<boolean> {
    return this.#record('enableNotifications');
  }
  enterAcceptedCall(): Promise<boolean> {
    return this.#record('enterAcceptedCall');
  }
  enablePush(): Promise<boolean> {
    return this.#record('enablePush');
  }
  disablePush(): Promise<boolean> {
    return this.#record('disablePush');
  }
  listen<K extends CallbackName>(name: K, handle: (...args: CallbackMap[K]) => void): () => void {
    const handlers = (this.#handlers[name] ??= new Set());
    handlers.add(handle);
    return () => void handlers.delete(handle);
  }
  /** Emits a callback without arguments to the listeners. */
  emitCallback(name: CallbackName): void {
    for (const handle of this.#handlers[name] ?? []) handle();
  }
  report(error: unknown): void {
    this.reported.push(error);
  }
  destroy(): void {}

  /** Shows a call of `ann`, the user of this device. */
  show(call: Partial<CallSnapshot>): void {
    this.$call.set({ ...NO_CALL, callID: 'call', ...call });
  }

  async #record(...command: Command): Promise<true> {
    this.commands.push(command);
    if (this.failure) throw this.failure;
    return true;
  }
}

const ann = user('ann', 'Ann Berg');
const ben = user('ben', 'Ben Ortiz');

/** Ben calls Ann. */
export const incoming = (more: Partial<CallSnapshot> = {}): Partial<CallSnapshot> => ({
  status: 'incoming',
  initiator: ben,
  inviter: ben,
  members: [member(ben, 'accepted'), member(ann, 'ringing', { self: true })],
  ...more,
});

/** Ann calls Ben. */
export const outgoing = (
  state: MemberState = 'inviting',
  more: Partial<CallSnapshot> = {},
): Partial<CallSnapshot> => ({
  status: state === 'ringing' ? 'ringing-out' : 'calling',
  initiator: ann,
  members: [member(ann, 'accepted', { self: true }), member(ben, state)],
  ...more,
});

/** Ann and Ben are in an active call. */
export const ongoing = (more: Partial<CallSnapshot> = {}): Partial<CallSnapshot> => ({
  status: 'active',
  initiator: ann,
  members: [
    member(ann, 'accepted', { self: true, microphone: true }),
    member(ben, 'accepted', { microphone: true }),
  ],
  startedAt: Date.now() - 767_000,
  ...more,
});

/** Ben called Ann an hour ago, and they talked for two minutes. */
export const historyEntry = (
  callID: string,
  more: Partial<CallHistoryEntry> = {},
): CallHistoryEntry => ({
  ...{ callID, direction: 'incoming', callType: 'voice', group: false, caller: ben },
  ...{ callees: [ann], at: Date.now() - 3_600_000, outcome: 'answered', missed: false },
  durationMs: 125_000,
  ...more,
});

/** Ben called Ann five minutes ago. */
export const missed = (callID: string, more: Partial<MissedCallEntry> = {}): MissedCallEntry => ({
  callID,
  caller: ben,
  callType: 'voice',
  callees: [ann],
  customData: '',
  at: Date.now() - 5 * 60_000,
  reason: 'timeout',
  seen: false,
  ...more,
});
