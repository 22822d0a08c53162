import type { MemberRecord } from '../protocol/messages.js';

/*
 * The order of records. Receiving is merging, and merging takes the upper bound in this order: it is associative,
 * commutative and idempotent, so that repeats and reorderings are harmless by construction.
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

/** Two refusals of one round: the one that says most about the person wins, and the earlier in this list. */
const REJECTIONS: readonly MemberRecord['state'][] = [
  'declined',
  'busy',
  'canceled',
  'timeout',
  'unreachable',
  'glare',
  'unsupported',
];

/** The invitation is open: nobody has answered, ended or missed it. */
export const isPending = (record: MemberRecord): boolean => RANK[record.state] <= 2;
export const isRejected = (record: MemberRecord): boolean => RANK[record.state] === 3;
/** This round got as far as `in`. */
export const wasIn = (record: MemberRecord): boolean => RANK[record.state] >= 4;

/** -1, 0 or 1, by UTF-16 code units: the same everywhere, unlike a locale's order. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether `a` says more than `b` about the same round. */
function saysMore(a: MemberRecord, b: MemberRecord): boolean {
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
 * The upper bound of two records of one user: the higher round; within a round the state that says more, and the
 * lower of two inviters.
 * @returns one of the two objects where it is equal to the result
 */
export function merge(a: MemberRecord, b: MemberRecord): MemberRecord {
  if (a.round !== b.round) return a.round > b.round ? a : b;
  const inviter = a.inviter < b.inviter ? a.inviter : b.inviter;
  const winner = saysMore(b, a) ? b : a;
  return winner.inviter === inviter ? winner : { ...winner, inviter };
}
