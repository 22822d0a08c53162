import * as durations from './durations.js';
import { everybodyElse, recordOf } from './call.js';
import { askAboutCall } from './call-discovery.js';
import { mergeRecord } from './call-records.js';
import { keepsOthers, mayPlaceCall } from './hold.js';
import type { TransitionContext } from './transition-context.js';
import type { MachineEvent } from './events.js';
import type { Call } from './types.js';
import { isFree, openMedia } from './user-events.js';

type EventOf<T extends MachineEvent['type']> = MachineEvent & { readonly type: T };

/** Joins an ongoing call. The coordinator opens the round, and the request is resolved when it has decided. */
export function join(ctx: TransitionContext, event: EventOf<'user.join'>): void {
  const { request, callID } = event;
  if (!isFree(ctx, event)) return;
  const call = ctx.call(callID);
  if (!call || call.phase === 'early') return askAboutCall(ctx, request, callID);
  if (call.learning) return ctx.rejectRequest(request, 'busy');
  enterAgain(ctx, call, request);
}

/** Requests to join a call that this device knows and is not in. */
export function enterAgain(ctx: TransitionContext, call: Call, request: number): void {
  const own = recordOf(call, ctx.me);
  if (!own || call.phase !== 'over' || !call.group) return ctx.rejectRequest(request, 'call-over');
  // Another call may have begun since the request.
  if (!mayPlaceCall(ctx, call.id)) return ctx.rejectRequest(request, 'busy');
  call.phase = 'accepting';
  // A join by the user replaces no call, whatever an earlier invitation stated.
  call.replacesCall = undefined;
  const round = own.round + 1;
  call.joining = { round, replaces: undefined, isInElsewhere: false, reports: [] };
  call.requestedRound = round;
  call.isConfirmed = call.rang = call.isQuiet = false;
  call.acceptData = '';
  call.endReason = call.answered = undefined;
  call.absent.clear();
  call.leaveQueries.clear();
  ctx.current = call.id;
  const to = [...everybodyElse(call, ctx.me), ctx.me];
  const kept = keepsOthers(ctx, call);
  ctx.send(call, to, { type: 'accept', round, join: true, customData: '', ...kept });
  openMedia(ctx, call);
  ctx.startTimer(call, { kind: 'join', round }, durations.JOIN_WAIT_MS);
  call.joinRequest = request;
}

/**
 * Rejoins the call that this page was in before it was reloaded: a join that names the former device of this page. The
 * others learn of it by the `sync` on the first connection.
 */
export function resume(ctx: TransitionContext, { saved }: EventOf<'user.resume'>): void {
  const { id: callID, records, names, microphone, camera, ...plain } = saved;
  const own = records.find(({ user }) => user === ctx.me);
  if (own?.state !== 'in') return;
  const call = ctx.add(callID, 'accepting');
  const round = own.round + 1;
  Object.assign(call, plain, { names: new Map(names) });
  call.joining = { round, replaces: own.device, isInElsewhere: false, reports: [] };
  call.requestedRound = round;
  call.answeredHere = call.hadPeer = true;
  for (const record of records) mergeRecord(ctx, call, record);
  ctx.current = callID;
  const cause = 'accepted';
  ctx.effect({ type: 'open-media', callID, callType: call.type, cause, microphone, camera });
  ctx.startTimer(call, { kind: 'join', round }, durations.JOIN_WAIT_MS);
}
