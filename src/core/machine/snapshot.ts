import { oneOf } from '../protocol/one-of.js';
import type { CallStatus, Phase } from '../protocol/vocabulary.js';
import { nameOf, othersIn, records } from './call.js';
import { publicState } from './member-events.js';
import { SAVED_FIELDS } from './saved-fields.js';
import type { Call, MachineSnapshot, MachineState, SavedCall } from './types.js';

/** No call. */
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

/** The call that this device shows: the one it is busy with, or the one whose end is still to be read. */
export function snapshot(state: MachineState): MachineSnapshot {
  const call = state.calls.get(state.current ?? state.shownEnd ?? '');
  if (!call) return IDLE;
  const { userID } = state.self;
  return {
    status: statusOf(state, call),
    callID: call.id,
    callType: call.type,
    customData: call.customData,
    // One who is only said to have placed the call is not shown.
    initiator: call.members.has(call.initiator) ? nameOf(call, call.initiator) : undefined,
    inviter: call.initiator === userID ? undefined : nameOf(call, call.caller),
    group: call.group,
    members: [...call.members.keys()].map((user) => ({
      ...nameOf(call, user),
      state: publicState(call, user, userID),
      self: user === userID,
    })),
    endReason: call.reason,
    startedAt: call.startedAt,
    resourceID: call.resourceID,
  };
}

function statusOf(state: MachineState, call: Call): CallStatus {
  if (call.id !== state.current) return 'ended';
  if (call.phase === 'incoming') return 'incoming';
  if (call.phase === 'accepting') return 'connecting';
  if (!othersIn(call, state.self.userID).length && !call.hadPeer)
    return [...call.members.values()].some(({ record }) => record.state === 'ringing')
      ? 'ringing-out'
      : 'calling';
  if (!state.self.media || [...call.links.values()].some((link) => link.state === 'up'))
    return 'active';
  return call.startedAt === undefined ? 'connecting' : 'reconnecting';
}

/** The call that this device is in, was accepted at, or has placed: the user's other pages are busy by it. */
export function heldCall({ calls, current = '' }: MachineState): string | undefined {
  return isHeld(calls.get(current)?.phase) ? current : undefined;
}
const isHeld = oneOf<Phase>('in', 'accepting');

/** What a page keeps over a reload of the call that it is in, with somebody else. */
export function savedCall(
  state: MachineState,
): Omit<SavedCall, 'microphone' | 'camera'> | undefined {
  const call = state.calls.get(state.current ?? '');
  if (call?.phase !== 'in' || !call.hadPeer) return undefined;
  const plain = Object.fromEntries(SAVED_FIELDS.map((field) => [field, call[field]]));
  return {
    ...(plain as Pick<SavedCall, (typeof SAVED_FIELDS)[number]>),
    records: records(call),
    names: [...call.names],
  };
}
