import type { WritableAtom } from 'nanostores';
import { atom } from './atom.js';
import { oneOf } from '../protocol/one-of.js';
import type { CallStatus, CallUser } from '../protocol/vocabulary.js';
import { IDLE } from '../machine/snapshot.js';
import type { MachineSnapshot } from '../machine/snapshot-types.js';
import type { CallHistoryEntry, CallHistoryState } from '../ports/call-history.js';
import type { EffectState } from '../ports/media-effects.js';
import type { DeviceList, LocalMedia, RemoteMedia, Verification } from '../ports/media.js';
import type { MissedCallEntry } from '../ports/missed-calls.js';
import type { Levels } from './connection-status.js';
import { NO_STATUS } from './connection-status.js';
import type {
  CallSnapshot,
  Connection,
  LocalMediaSnapshot,
  Member,
  RemoteMediaSnapshot,
} from './snapshots.js';

/** Before and after a call, there are no media to show. */
const hasNoMedia = oneOf<CallStatus>('idle', 'incoming', 'ended');

const NO_MEDIA: LocalMediaSnapshot = {
  stream: undefined,
  screen: undefined,
  microphone: 'off',
  camera: 'off',
};

const streamsOf = ({ stream, sound, picture, screen }: RemoteMedia): RemoteMediaSnapshot => ({
  stream,
  sound,
  picture,
  screen,
});

/** @returns the old object if the new one has the same fields, so that subscribers do not render unchanged values */
function keep<T extends object | undefined>(old: T | undefined, next: T): T {
  if (!old || !next) return next;
  const fields = Object.entries<unknown>({ ...next });
  const same =
    fields.length === Object.keys(old).length &&
    fields.every(([key, value]) => old[key as never] === value);
  return same ? old : next;
}

/** @returns a call whose media are not known, because it waits or is on hold */
function withoutMedia(call: MachineSnapshot, before: CallSnapshot | undefined): CallSnapshot {
  const members = call.members.map((member, index): Member => {
    const nothing = { microphone: false, camera: false, screen: false, connection: undefined };
    const paused = { picturePaused: false, ownPicturePaused: false };
    return keep(before?.members[index], { ...member, ...nothing, ...paused });
  });
  return {
    ...call,
    initiator: keep(before?.initiator, call.initiator),
    inviter: keep(before?.inviter, call.inviter),
    members: keep(before?.members, members),
    silenced: false,
  };
}

/** @returns a copy with another value for this key; without the key if the value is undefined */
function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T | undefined) {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}

const isOn = (source: boolean | string): boolean => source === true || source === 'on';

/**
 * The stores that pages read: the machine's snapshot, combined with the media. A store is set only if its value
 * changes.
 */
export interface Stores {
  readonly $connection: WritableAtom<Connection>;
  readonly $call: WritableAtom<CallSnapshot>;
  readonly $waitingCall: WritableAtom<CallSnapshot | undefined>;
  readonly $heldCalls: WritableAtom<readonly CallSnapshot[]>;
  readonly $localMedia: WritableAtom<LocalMediaSnapshot>;
  readonly $remoteMedia: WritableAtom<ReadonlyMap<string, RemoteMediaSnapshot>>;
  readonly $devices: WritableAtom<DeviceList>;
  readonly $effects: WritableAtom<readonly EffectState[]>;
  readonly $verification: WritableAtom<ReadonlyMap<string, Verification>>;
  readonly $incomingVideo: WritableAtom<boolean>;
  readonly $missedCalls: WritableAtom<readonly MissedCallEntry[]>;
  readonly $callHistory: WritableAtom<readonly CallHistoryEntry[]>;
  readonly $callHistoryState: WritableAtom<CallHistoryState>;
  readonly $doNotDisturb: WritableAtom<boolean | { readonly until: number }>;
  readonly $blocked: WritableAtom<readonly CallUser[]>;
  readonly $settingsOpen: WritableAtom<boolean>;
  readonly $endedCall: WritableAtom<CallSnapshot | undefined>;
  readonly $lostCall: WritableAtom<CallSnapshot | undefined>;
  /** Whether media may flow: there is a call that is neither incoming nor ended. */
  inCall(): boolean;
  set<T>(store: WritableAtom<T>, value: T): void;
  /** Publishes a call; without a snapshot, that there is none. */
  show(snapshot?: MachineSnapshot): void;
  /** Publishes the waiting call and the calls on hold. */
  showOthers(waiting?: MachineSnapshot, onHold?: readonly MachineSnapshot[]): void;
  /** Whether a call that rings is silenced. */
  isSilenced(): boolean;
  /** Marks a call as silenced while it rings; it may start to ring later. */
  silence(callID: string): void;
  showLocal(media: LocalMedia): void;
  showRemote(user: string, media: RemoteMedia | undefined): void;
  showConnections(levels: Levels): void;
  showVerification(user: string, verification: Verification | undefined): void;
}

/** @param failed receives what a subscriber of a store threw */
export function createStores(failed: (error: unknown) => void): Stores {
  const $connection = atom<Connection>('offline');
  const $call = atom<CallSnapshot>({ ...IDLE, members: [], silenced: false });
  const $waitingCall = atom<CallSnapshot | undefined>(undefined);
  const $heldCalls = atom<readonly CallSnapshot[]>([]);
  const $localMedia = atom<LocalMediaSnapshot>(NO_MEDIA);
  const $remoteMedia = atom<ReadonlyMap<string, RemoteMediaSnapshot>>(new Map());
  const $devices = atom<DeviceList>({ microphones: [], cameras: [], speakers: [], selected: {} });
  const $effects = atom<readonly EffectState[]>([]);
  const $verification = atom<ReadonlyMap<string, Verification>>(new Map());
  const $incomingVideo = atom(true);
  const $missedCalls = atom<readonly MissedCallEntry[]>([]);
  const $callHistory = atom<readonly CallHistoryEntry[]>([]);
  const $callHistoryState = atom<CallHistoryState>('loading');
  const $doNotDisturb = atom<boolean | { readonly until: number }>(false);
  const $blocked = atom<readonly CallUser[]>([]);
  const $settingsOpen = atom(false);
  const $endedCall = atom<CallSnapshot | undefined>(undefined);
  const $lostCall = atom<CallSnapshot | undefined>(undefined);
  const remote = new Map<string, RemoteMedia>();
  let shown = IDLE;
  let waiting: MachineSnapshot | undefined;
  /** The call whose ringing the user has silenced. */
  let silencedCallID: string | undefined;
  /** Whether the silenced call has rung since. */
  let hasRungSilently = false;
  let levels = NO_STATUS.levels;

  const inCall = (): boolean => !hasNoMedia(shown.status);

  const set = <T>(store: WritableAtom<T>, value: T): void => {
    try {
      store.set(value);
    } catch (error) {
      // nanostores has notified all subscribers before it throws.
      failed(error);
    }
  };

  const isSilenced = (ringing: string | undefined): boolean => {
    const silenced = ringing !== undefined && ringing === silencedCallID;
    hasRungSilently ||= silenced;
    return silenced;
  };
  const forgetSilence = (): void => {
    silencedCallID = undefined;
    hasRungSilently = false;
  };

  const publish = (): void => {
    const call = $call.get();
    const members = shown.members.map((member, index): Member => {
      const theirs = member.self ? undefined : remote.get(member.userID);
      const media = (member.self ? $localMedia.get() : theirs) ?? NO_MEDIA;
      const { microphone, camera, screen, sharedScreen } = media;
      return keep(call.members[index], {
        ...member,
        microphone: isOn(microphone),
        camera: isOn(camera),
        screen: !!screen,
        sharedScreen,
        picturePaused: theirs?.paused ?? false,
        ownPicturePaused: theirs?.sendingPaused ?? false,
        ...(theirs?.onHold && { onHold: true }),
        connection: member.self ? levels.own : levels.others.get(member.userID),
      });
    });
    const next: CallSnapshot = {
      ...shown,
      initiator: keep(call.initiator, shown.initiator),
      inviter: keep(call.inviter, shown.inviter),
      members: keep(call.members, members),
      silenced: isSilenced(shown.status === 'incoming' ? shown.callID : undefined),
    };
    set($call, keep(call, next));
  };

  const publishWaiting = (): void => {
    const before = $waitingCall.get();
    const silenced = isSilenced(waiting?.callID);
    const next = waiting && { ...withoutMedia(waiting, before), silenced };
    set($waitingCall, keep(before, next));
  };

  return {
    $connection,
    $call,
    $waitingCall,
    $heldCalls,
    $localMedia,
    $remoteMedia,
    $devices,
    $effects,
    $verification,
    $incomingVideo,
    $missedCalls,
    $callHistory,
    $callHistoryState,
    $doNotDisturb,
    $blocked,
    $settingsOpen,
    $endedCall,
    $lostCall,
    inCall,
    set,
    show(snapshot = IDLE) {
      // After its end, a call keeps the verification: it may be the reason of the end.
      const forgetVerification = (): void => {
        if ($verification.get().size) set($verification, new Map());
      };
      const { callID, status } = snapshot;
      const isRejoined = shown.status === 'ended' && status !== 'ended';
      if (status !== 'idle' && (callID !== shown.callID || isRejoined)) forgetVerification();
      const rings = status === 'incoming' && callID === silencedCallID;
      // The same call may ring again, for a later invitation.
      if (hasRungSilently && !rings && waiting?.callID !== silencedCallID) forgetSilence();
      const isOther = inCall() && callID !== shown.callID;
      shown = snapshot;
      if (!inCall() || isOther) {
        // Cleared before the end of the call is published, so that its subscribers find no streams that have ended.
        set($localMedia, NO_MEDIA);
        remote.clear();
        if ($remoteMedia.get().size) set($remoteMedia, new Map());
      }
      publish();
      // After the status: an element that updates earlier would lose the focus before its place is taken over.
      if (status === 'idle') forgetVerification();
    },
    showOthers(nextWaiting, onHold = []) {
      waiting = nextWaiting;
      publishWaiting();
      const before = $heldCalls.get();
      const next = onHold.map((call) => {
        const old = before.find(({ callID }) => callID === call.callID);
        return keep(old, withoutMedia(call, old));
      });
      if (next.length !== before.length || next.some((call, at) => call !== before[at]))
        set($heldCalls, next);
    },
    isSilenced: () => $call.get().silenced || $waitingCall.get()?.silenced === true,
    silence(callID) {
      forgetSilence();
      silencedCallID = callID;
      publishWaiting();
      publish();
    },
    showLocal(media) {
      if (!inCall()) return;
      set($localMedia, keep($localMedia.get(), media));
      publish();
    },
    showRemote(user, media) {
      if (!inCall()) return;
      if (media) remote.set(user, media);
      else remote.delete(user);
      const old = $remoteMedia.get();
      const streams = media && keep(old.get(user), streamsOf(media));
      if (streams !== old.get(user)) set($remoteMedia, withEntry(old, user, streams));
      publish();
    },
    showConnections(next) {
      levels = next;
      publish();
    },
    showVerification(user, verification) {
      if (inCall()) set($verification, withEntry($verification.get(), user, verification));
    },
  };
}
