import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { isTakenBack, recordOf } from './call.js';
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
 * - joining, when this device has left: that this device has left
 * - asking about an unknown call: its description, sent by the member who may admit the user; not after a cancellation
 * - anybody else: only how their own invitation ended, sent by their inviter or the device that has ended it. A device
 *   that has left since says that, too: the one that asks may still consider it in, and wait for its decision. To a
 *   device that considers it in, it says only that
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
    ...(call.answeredHere ? { answered: true } : {}),
    ...(learns ? { about: descriptionOf(call) } : {}),
  } as const;
  if (userID === ctx.me || (record && (isPending(record) || record.state === 'in')))
    return void ctx.sendAll(call, [userID], body);
  if (!record) return;
  const own = recordOf(call, ctx.me);
  const joins = message.type === 'accept' && message.join === true && !isTakenBack(call, userID);
  if (joins && own?.state === 'left')
    return void ctx.send(call, [userID], { ...body, phase: 'over' }, [own, record]);
  if (learns && own && !isTakenBack(call, userID)) {
    if (coordinatorOf(ctx, call, userID) === ctx.me) ctx.send(call, [userID], body, [own, record]);
  } else if (!learns && call.members.get(userID)?.isEndedHere && own?.state === 'left') {
    ctx.send(call, [userID], { ...body, phase: 'over' }, [own, record]);
  } else if (
    !learns &&
    own?.state === 'left' &&
    message.records.some((r) => isThisDevice(ctx, r))
  ) {
    ctx.send(call, [userID], { ...body, phase: 'over' }, [own]);
  } else if (!learns && (isDecider(ctx, call, record) || record.state === 'left')) {
    ctx.send(call, [userID], { ...body, phase: 'over' }, [record]);
  }
}

/** Whether this user has invited the user of a record, or this device has ended that invitation. */
const isDecider = ({ me }: TransitionContext, { members }: Call, record: MemberRecord): boolean =>
  record.inviter === me || members.get(record.user)?.isEndedHere === true;
