import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { isPresent } from './authority.js';
import { hasAnsweredHere, isTakenBack, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { coordinatorOf } from './succession.js';
import { isPending } from './record-order.js';
import { callReport } from './call-report.js';
import { isThisDevice } from './stale-entry.js';
import type { Call } from './types.js';

/** The fields of a call's invitation that records do not contain. */
function descriptionOf({ type, initiator, endWithInitiator, group, customData }: Call) {
  return { callType: type, initiator, endWithInitiator, group, customData };
}

/**
 * Sends the state of the call to the device that asked, or whose message was outdated. The answer depends on its user:
 *
 * - in the call, or with an open invitation: all records
 * - asking about an unknown call: its description, sent by the member who may admit the user; not after a cancellation
 * - anybody else, from their inviter, the device that has ended their invitation, or after they have left: only how that
 *   ended. A user who joins gets it from a device that has left, too
 * - anybody else who states that this device is in, after it has left: only that
 *
 * The last kind of answer has the phase `over`, and does not tell whether its sender is in. A sender that has left states
 * that in its record: the device that asks may still consider it in, and wait for its decision.
 */
export function respondWithState(ctx: TransitionContext, call: Call, message: Delivered): void {
  const { userID, deviceID } = message.from;
  if (deviceID === SERVER_DEVICE) return;
  const record = recordOf(call, userID);
  const learns = message.type === 'sync' && message.learn === true && call.phase === 'in';
  const body = {
    type: 'state',
    toDevice: deviceID,
    ...callReport(ctx, call),
    ...(hasAnsweredHere(call, ctx.me) ? { answered: true } : {}),
    ...(learns ? { about: descriptionOf(call) } : {}),
  } as const;
  if (userID === ctx.me || (record && (isPending(record) || record.state === 'in')))
    return void ctx.sendAll(call, [userID], body);
  if (!record) return;
  const own = recordOf(call, ctx.me);
  if (learns) {
    const mayAdmit = !isTakenBack(call, userID) && coordinatorOf(ctx, call, userID) === ctx.me;
    if (own && mayAdmit) ctx.send(call, [userID], body, [own, record]);
    return;
  }
  const left = own?.state === 'left' ? [own] : [];
  const joins = message.type === 'accept' && message.join === true && !isTakenBack(call, userID);
  if ((joins && left.length) || isDecider(ctx, call, record) || record.state === 'left')
    ctx.send(call, [userID], { ...body, phase: 'over' }, [...left, record]);
  else if (left.length && message.records.some((stated) => isThisDevice(ctx, stated)))
    ctx.send(call, [userID], { ...body, phase: 'over' }, left);
}

/**
 * Whether a member who is in states that an invitation is open which is decided, and which this device coordinates. The member
 * has come in meanwhile, and has its state from a member who did not know of the decision yet: that one counted as the
 * coordinator, until the member knew that this device is in.
 */
export const hasMissedDecision = (
  ctx: TransitionContext,
  call: Call,
  { from, records }: Delivered,
): boolean =>
  isPresent(call, from) &&
  records.some((record) => {
    const known = recordOf(call, record.user);
    const isDecided = known?.round === record.round && !isPending(known);
    return isPending(record) && isDecided && coordinatorOf(ctx, call, record.user) === ctx.me;
  });

/** Whether this user has invited the user of a record, or this device has ended that invitation. */
const isDecider = ({ me }: TransitionContext, { members }: Call, record: MemberRecord): boolean =>
  record.inviter === me || members.get(record.user)?.isEndedHere === true;
