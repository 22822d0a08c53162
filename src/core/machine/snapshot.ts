import { oneOf } from '../protocol/one-of.js';
import type { CallStatus, Phase } from '../protocol/vocabulary.js';
import { isLinked, lastOnHold, nameOf, othersIn, records } from './call.js';
import { publicState } from './member-events.js';
import { SAVED_FIELDS } from './saved-fields.js';
import type { Call, MachineState, SavedCall } from './types.js';
import type { MachineSnapshot } from './snapshot-types.js';

/** The snapshot without a call. */
export const IDLE: MachineSnapshot = {
  status: 'idle',
  callID: '',
  callType: 'voice',
  customData: '',
  initiator: undefined,
  inviter: undefined,
  group: false,
  members: [],
  endReason: undefined,
  startedAt: undefined,
};

/** @returns the call that pages show: the current one, or the one that has just ended */
export function snapshot(state: MachineState): MachineSnapshot {
  const call = state.calls.get(state.current ?? state.shownEnd ?? '');
  return call ? snapshotOf(state, call) : IDLE;
}

/** @returns the second call, which rings while this device is in another one */
export function waitingCall(state: MachineState): MachineSnapshot | undefined {
  const call = state.calls.get(state.waiting ?? '');
  return call && snapshotOf(state, call);
}

/** @returns the calls on hold, the one that was put on hold last first */
export function callsOnHold(state: MachineState): readonly MachineSnapshot[] {
  return [...state.calls.values()]
    .filter(({ holdNumber }) => holdNumber !== undefined)
    .sort((a, b) => (b.holdNumber ?? 0) - (a.holdNumber ?? 0))
    .map((call) => snapshotOf(state, call));
}

/** @returns the calls besides the one that pages show: the waiting one, and those on hold */
export function otherCalls(state: MachineState): readonly MachineSnapshot[] {
  const waiting = waitingCall(state);
  const onHold = callsOnHold(state).filter(({ callID }) => callID !== state.current);
  return waiting ? [waiting, ...onHold] : onHold;
}

/** @returns the calls that have begun to wait, have another status now, or have ended without being shown */
export function changedCalls(
  before: readonly MachineSnapshot[],
  now: readonly MachineSnapshot[],
  state: MachineState,
): readonly MachineSnapshot[] {
  const find = (calls: readonly MachineSnapshot[], id: string): MachineSnapshot | undefined =>
    calls.find(({ callID }) => callID === id);
  const ended = before.flatMap(({ callID }) => {
    const call = find(now, callID) ? undefined : state.calls.get(callID);
    const last = call && snapshotOf(state, call);
    // After a glare, the call of the other user continues this one.
    return last?.status === 'ended' && last.endReason !== 'answered-elsewhere' ? [last] : [];
  });
  const changed = now.filter(({ callID, status }) => find(before, callID)?.status !== status);
  return [...ended, ...changed];
}

function snapshotOf(state: MachineState, call: Call): MachineSnapshot {
  const { userID } = state.self;
  return {
    status: statusOf(state, call),
    callID: call.id,
    ...(call.holdNumber !== undefined && { onHold: true }),
    callType: call.type,
    customData: call.customData,
    // An initiator who is not known as a member is not shown.
    initiator: call.members.has(call.initiator) ? nameOf(call, call.initiator) : undefined,
    inviter: call.initiator === userID ? undefined : nameOf(call, call.caller),
    group: call.group,
    members: [...call.members].map(([user, { record }]) => ({
      ...nameOf(call, user),
      state: publicState(call, user, userID),
      self: user === userID,
      customData: record.customData ?? '',
    })),
    ...(call.transfer && {
      transfer: {
        by: nameOf(call, call.transfer.by),
        to: nameOf(call, call.transfer.to),
        reason: call.transfer.reason,
        failed: call.transfer.failed === true,
      },
    }),
    endReason: call.endReason,
    startedAt: call.startedAt,
    resourceID: call.resourceID,
    ...(call.notification && { notification: call.notification }),
  };
}

function statusOf(state: MachineState, call: Call): CallStatus {
  const isRunning = call.id === state.current || call.holdNumber !== undefined;
  if (!isRunning && call.id !== state.waiting) return 'ended';
  if (call.phase === 'incoming') return 'incoming';
  if (call.phase === 'accepting') return 'connecting';
  if (!othersIn(call, state.self.userID).length && !call.hadPeer)
    return [...call.members.values()].some(({ record }) => record.state === 'ringing')
      ? 'ringing-out'
      : 'calling';
  if (!state.self.media || isLinked(call)) return 'active';
  return call.startedAt === undefined ? 'connecting' : 'reconnecting';
}

/**
 * @returns the callID of the call that this device is in, has accepted or placed: it makes the user's other pages busy
 */
export function heldCall({ calls, current = '' }: MachineState): string | undefined {
  return isHeld(calls.get(current)?.phase) ? current : lastOnHold(calls);
}
const isHeld = oneOf<Phase>('in', 'accepting');

/**
 * @returns the data of the current call to be saved before a reload; undefined if no other user has been in the call
 */
export function savedCall(
  state: MachineState,
): Omit<SavedCall, 'microphone' | 'camera'> | undefined {
  const call = state.calls.get(state.current ?? '');
  if (call?.phase !== 'in' || !call.hadPeer) return undefined;
  const plain = Object.fromEntries(SAVED_FIELDS.map((field) => [field, call[field]]));
  return {
    ...(plain as Pick<SavedCall, (typeof SAVED_FIELDS)[number]>),
    answeredHere: call.answeredHere,
    records: records(call),
    names: [...call.names],
  };
}
