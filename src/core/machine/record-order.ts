import type { MemberRecord } from '../protocol/messages.js';

/*
 * The order of records. Merging takes the upper bound of two records in this order (a join semilattice). It is
 * associative, commutative and idempotent, so repeated and reordered messages have no effect on the result.
 */

const RANK: Record<MemberRecord['state'], number> = {
  inviting: 1,
  ringing: 2,
  declined: 3,
  busy: 3,
  canceled: 3,
  timeout: 3,
  unreachable: 3,
  glare: 3,
  unsupported: 3,
  in: 4,
  left: 5,
};

/** Order of rejections of the same round: the earlier one in this list wins. Answers of the user come first. */
const REJECTIONS: readonly MemberRecord['state'][] = [
  'declined',
  'busy',
  'canceled',
  'timeout',
  'unreachable',
  'glare',
  'unsupported',
];

/** Whether the invitation is open: not answered, not cancelled, not timed out. */
export const isPending = (record: MemberRecord): boolean => RANK[record.state] <= 2;
export const isRejected = (record: MemberRecord): boolean => RANK[record.state] === 3;
/** Whether the user is in the call by this round, or has left it. */
export const wasIn = (record: MemberRecord): boolean => RANK[record.state] >= 4;

/** @returns -1, 0 or 1, by UTF-16 code units: the same on all devices, unlike the order of a locale */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether `a` is higher than `b` in the order. Both are records of the same round. */
function isHigher(a: MemberRecord, b: MemberRecord): boolean {
  const rank = RANK[a.state] - RANK[b.state];
  if (rank !== 0) return rank > 0;
  if (a.state !== b.state) return REJECTIONS.indexOf(a.state) < REJECTIONS.indexOf(b.state);
  const order =
    compare(b.device ?? '', a.device ?? '') ||
    compare(a.reason ?? '', b.reason ?? '') ||
    compare(a.customData ?? '', b.customData ?? '') ||
    Number(a.customData !== undefined) - Number(b.customData !== undefined);
  return order > 0;
}

/**
 * @returns the upper bound of two records of one user: the higher round; within a round the higher state, and the lower
 * one of two inviters. If the result equals one of the two objects, that object is returned
 */
export function merge(a: MemberRecord, b: MemberRecord): MemberRecord {
  if (a.round !== b.round) return a.round > b.round ? a : b;
  const inviter = a.inviter < b.inviter ? a.inviter : b.inviter;
  const winner = isHigher(b, a) ? b : a;
  return winner.inviter === inviter ? winner : { ...winner, inviter };
}
