import type { MemberRecord } from '../protocol/messages.js';
import type { CallUser, Phase } from '../protocol/vocabulary.js';
import * as durations from './durations.js';
import type { Call, Link, MachineState, Member } from './types.js';
import { isPending } from './record-order.js';

/** @returns a call without any information yet */
export function newCall(id: string, phase: Phase): Call {
  return {
    id,
    phase,
    type: 'voice',
    initiator: '',
    endWithInitiator: false,
    group: false,
    caller: '',
    callees: [],
    customData: '',
    resourceID: undefined,
    notification: undefined,
    timeoutMs: 0,
    round: 1,
    members: new Map(),
    names: new Map(),
    links: new Map(),
    absent: new Map(),
    gaveWay: new Set(),
    hadPeer: false,
    cameBackAt: undefined,
    reconnected: false,
    startedAt: undefined,
    rang: false,
    isQuiet: false,
    answeredHere: false,
    acceptData: '',
    answered: undefined,
    joinElsewhere: undefined,
    glareType: undefined,
    glareSurvivor: undefined,
    joining: undefined,
    requestedRound: undefined,
    isConfirmed: false,
    isDoubtful: false,
    trustedUntil: 0,
    replacesCall: undefined,
    transfer: undefined,
    holdNumber: undefined,
    ended: false,
    endNotified: false,
    unacknowledged: new Map(),
    deferred: [],
    claims: new Map(),
    askedAt: new Map(),
    leaveQueries: new Set(),
    unheard: new Set(),
    request: undefined,
    learning: undefined,
    joinRequest: undefined,
    lastOutcome: undefined,
    unansweredReason: undefined,
    settleWaitsForSync: false,
    endReason: undefined,
    endedAt: 0,
  };
}

export function newMember(record: MemberRecord): Member {
  return {
    record,
    timerAs: undefined,
    answers: new Map(),
    rejectingDevices: [],
    ringingDevices: [],
    isBusy: false,
  };
}

const cloneMember = <M extends Omit<Member, 'previous'>>(member: M): M => ({
  ...member,
  answers: new Map(member.answers),
  rejectingDevices: [...member.rejectingDevices],
  ringingDevices: [...member.ringingDevices],
});

/**
 * @returns a copy that shares no mutable part with the original. Records are shared: they are replaced, never modified
 */
export function cloneCall(call: Call): Call {
  const members = new Map<string, Member>();
  for (const [user, member] of call.members) {
    const { previous } = member;
    members.set(user, {
      ...cloneMember(member),
      ...(previous && { previous: cloneMember(previous) }),
    });
  }
  const links = new Map([...call.links].map(([key, link]) => [key, { ...link }]));
  return {
    ...call,
    members,
    links,
    names: new Map(call.names),
    absent: new Map(call.absent),
    gaveWay: new Set(call.gaveWay),
    unacknowledged: new Map(call.unacknowledged),
    deferred: [...call.deferred],
    claims: new Map([...call.claims].map(([key, claim]) => [key, { ...claim }])),
    askedAt: new Map(call.askedAt),
    leaveQueries: new Set(call.leaveQueries),
    unheard: new Set(call.unheard),
  };
}

/** @returns the key of a device. Device IDs are unique only within a user, so the user is part of the key */
export const deviceKey = (user: string, device: string): string => `${user} ${device}`;

/** @returns the link to a device of a user */
export const linkOf = (call: Call, user: string, device: string): Link | undefined =>
  call.links.get(deviceKey(user, device));

export const recordOf = (call: Call, user: string): MemberRecord | undefined =>
  call.members.get(user)?.record;

/** @returns the record that others may know as well: not that of an invitation which the server has rejected */
export function sharedRecordOf({ members }: Call, user: string): MemberRecord | undefined {
  const member = members.get(user);
  return member?.isWithdrawn ? undefined : member?.record;
}

/**
 * @returns how long the answer to a question may still take, in ms; 0 or less if none is expected any more. An answer may be lost
 * with the connection of this device, which asks all members again when it has reconnected
 */
export const answerWait = (
  { now, online }: Pick<MachineState, 'online'> & { readonly now: number },
  { cameBackAt = -Infinity }: Call,
): number => (online ? cameBackAt - now : 0) + durations.SYNC_ANSWER_WAIT_MS;

/**
 * Whether this device has just come back: the initial sync is not complete, or the others are still responding with what has
 * happened meanwhile.
 */
export const isBack = (
  { now, synced, syncedAt }: Pick<MachineState, 'synced' | 'syncedAt'> & { readonly now: number },
  { cameBackAt }: Call,
): boolean =>
  cameBackAt !== undefined &&
  (!synced || now < Math.max(cameBackAt, syncedAt) + durations.SYNC_ANSWER_WAIT_MS);

/** Whether the coordinator has cancelled the user's last invitation. */
export function isTakenBack({ members }: Call, user: string): boolean {
  const member = members.get(user);
  return member?.record.state === 'canceled' || member?.isTakenBack === true;
}

export const records = (call: Call): MemberRecord[] =>
  [...call.members.values()].map((m) => m.record);

/**
 * Whether a user is in the call with a device that is not lost. A lost device counts while its link to this one is up.
 */
export function isIn(call: Call, user: string): boolean {
  const record = recordOf(call, user);
  if (record?.state !== 'in') return false;
  const key = deviceKey(user, record.device ?? '');
  return !call.absent.has(key) || call.links.get(key)?.state === 'up';
}

/**
 * Whether a record states that a user is in with another device than the one in the known record, which is lost or has
 * reported another phase. Two coordinators at the same time may have selected one device each. Usually the lower
 * device ID counts; a device that is not in does not exclude the other one.
 */
export function replacesAbsent(call: Call, record: MemberRecord): boolean {
  const known = recordOf(call, record.user);
  return (
    known?.state === 'in' &&
    record.state === 'in' &&
    record.round === known.round &&
    record.device !== known.device &&
    !isIn(call, record.user)
  );
}

export const othersIn = (call: Call, self: string): string[] =>
  [...call.members.keys()].filter((user) => user !== self && isIn(call, user));

export const othersPending = (call: Call, self: string): string[] =>
  [...call.members]
    .filter(([user, m]) => user !== self && isPending(m.record))
    .map(([user]) => user);

/**
 * @returns users whom a member has stated to be in, without confirmation yet: messages of the call are sent to them,
 * too
 */
export const claimedIn = (call: Call, self: string): string[] => {
  const supported = [...call.claims.values()].filter(({ isSupported }) => isSupported);
  return [...new Set(supported.map(({ record }) => record.user))].filter((user) => user !== self);
};

/** Whether a user is in the call, on a device that is not lost, or has an open invitation. */
export function isInOrInvited(call: Call, user: string): boolean {
  const record = recordOf(call, user);
  return isIn(call, user) || (record !== undefined && isPending(record));
}

/** @returns all other users who are in the call or have an open invitation */
export const othersInOrInvited = (call: Call, self: string): string[] =>
  [...call.members]
    .filter(([user, m]) => user !== self && (isPending(m.record) || m.record.state === 'in'))
    .map(([user]) => user);

/** @returns the recipients of the call's messages: all other users who are in, invited, or stated to be in */
export const others = (call: Call, self: string): string[] => [
  ...othersInOrInvited(call, self),
  ...claimedIn(call, self),
];

/** @returns all other users of the call, also those who are only stated to be in it */
export const everybodyElse = (call: Call, self: string): string[] =>
  [...new Set([...call.members.keys(), ...claimedIn(call, self)])].filter((user) => user !== self);

export function nameOf(call: Call, userID: string): CallUser {
  return { userID, userName: call.names.get(userID) || userID };
}

/** @returns the ID of the call that was put on hold last, other than `except` */
export function lastOnHold(calls: ReadonlyMap<string, Call>, except?: string): string | undefined {
  let last: Call | undefined;
  for (const call of calls.values())
    if (call.id !== except && (call.holdNumber ?? 0) > (last?.holdNumber ?? 0)) last = call;
  return last?.id;
}

/** Whether media flow over any link of the call. */
export const isLinked = ({ links }: Pick<Call, 'links'>): boolean =>
  [...links.values()].some(({ state }) => state === 'up');

/**
 * Whether the user has answered on this device the invitation that it knows last. It may have learned of a later one from
 * another device of the user, when its own call was over.
 */
export const hasAnsweredHere = (call: Call, self: string): boolean =>
  call.answeredHere && (call.phase !== 'over' || (recordOf(call, self)?.round ?? 0) <= call.round);

/** Whether the user has answered the call on this device, has placed it, or has joined it. */
export const hasActedHere = ({ answeredHere, requestedRound }: Call): boolean =>
  answeredHere || requestedRound !== undefined;

/** Whether the user has asked on this device to be in the call, now or before. */
export const hasAskedToBeIn = (call: Call): boolean =>
  hasActedHere(call) && call.endReason !== 'declined';

/**
 * Whether a record of this user is about the other device of the user that has asked to join by that round. The coordinator
 * may have opened a later one.
 */
export const isOfJoinElsewhere = (
  { joinElsewhere }: Call,
  { round, device }: MemberRecord,
): boolean =>
  joinElsewhere !== undefined && device === joinElsewhere.device && round >= joinElsewhere.round;

/** Whether another device of this user has answered the invitation. */
export const answeredElsewhere = ({ answered, round }: Call): boolean =>
  answered !== undefined && answered.round >= round;
