import { authoritySwitches } from './authority-switches.js';
import { busySwitches } from './busy-switches.js';
import { connectionSwitches } from './connection-switches.js';
import { holdSwitches } from './hold-switches.js';
import { transferSwitches } from './transfer-switches.js';
import type { PresetName } from './schedule.js';
import type { ScenarioName } from './scenarios.js';

/**
 * A rule that the tests can turn off: a replacement at one place in the source of the machine, in memory. The
 * product contains no code for it.
 */
export interface Switch {
  readonly name: string;
  /** The number of the rule in the protocol, with a summary. */
  readonly rule: string;
  /** File in `src/core/machine`. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /**
   * A preset or scenario with seeds in which the simulation detects that the rule is off. `npm run simulate -- --off
   * NAME` finds others. `without`: another rule that makes up for this one, and is turned off in both machines.
   */
  readonly noticed: {
    readonly preset: PresetName | ScenarioName;
    readonly from: number;
    readonly count: number;
    readonly without?: string;
  };
}

export const switches: readonly Switch[] = [
  ...authoritySwitches,
  ...holdSwitches,
  ...transferSwitches,
  ...busySwitches,
  ...connectionSwitches,
  {
    name: 'invites-lost',
    rule: '9: a user whose device was lost can be invited again',
    file: 'user-events.ts',
    find: '!isOnHoldWith(ctx, userID) && !isInOrInvited(call, userID)',
    replace: `!isOnHoldWith(ctx, userID) && !isInOrInvited(call, userID) && recordOf(call, userID)?.state !== 'in'`,
    noticed: { preset: 'invited-back', from: 1, count: 40 },
  },
  {
    name: 'invites-when-alone',
    rule: '9: the last member in the call can invite while others ring',
    file: 'user-events.ts',
    find: '(alone(ctx, call) && !call.hadPeer)',
    replace: '(alone(ctx, call) && !!call)',
    noticed: { preset: 'big', from: 346, count: 1 },
  },
  {
    name: 'nothing-before-accept',
    rule: "1: the callee's media stay off before accept",
    file: 'ringing.ts',
    find: `ctx.startTimer(call, { kind: 'ring', round }, remaining);`,
    replace: `ctx.startTimer(call, { kind: 'ring', round }, remaining);
  ctx.effect({ type: 'open-media', callID: call.id, callType: call.type, cause: 'accepted' });`,
    noticed: { preset: 'calm', from: 1, count: 20 },
  },
  {
    name: 'callbacks-first',
    rule: '1: callbacks precede the effects that follow from them',
    file: 'transition-context.ts',
    find: '[...this.callbacks, ...this.effects]',
    replace: '[...this.effects, ...this.callbacks]',
    noticed: { preset: 'calm', from: 1, count: 20 },
  },
  {
    name: 'glare-accepted',
    rule: '6: both users receive onOutgoingCallAccepted',
    file: 'review.ts',
    find: `  if (call.glareType !== undefined)
    ctx.callback(`,
    replace: `  if (call.glareType !== undefined && !call)
    ctx.callback(`,
    noticed: { preset: 'calm', from: 7, count: 20 },
  },
  {
    name: 'accepts-again',
    rule: '13: a device that waits for its selection accepts the next invitation as well',
    file: 'invitation-events.ts',
    find: `if (call.phase === 'accepting') return acceptAgain(ctx, call, message, own);`,
    replace: `if (call.phase === 'accepting' && !acceptAgain) return;`,
    noticed: { preset: 'liar-faults', from: 2_007_969, count: 1 },
  },
  {
    name: 'cancellation-repeated',
    rule: '14: after a reconnect, the users whose invitation was cancelled are told',
    file: 'connection-events.ts',
    find: 'if (isEndedHere && isRejected(record))',
    replace: 'if (isEndedHere && isRejected(record) && !call)',
    noticed: { preset: 'liar-faults', from: 2_000_036, count: 1 },
  },
  {
    name: 'own-place',
    rule: '13: a reloaded page replaces its previous device',
    file: 'call-report.ts',
    find: '[ctx.self.deviceID, joining.replaces]',
    replace: '[ctx.self.deviceID]',
    noticed: { preset: 'big', from: 493, count: 20 },
  },
  {
    name: 'glare-not-missed',
    rule: '6: glare never results in a missed call',
    file: 'review.ts',
    find: `    case 'glare':
      return 'answered-elsewhere';`,
    replace: `    case 'glare':
      return 'canceled';`,
    noticed: { preset: 'calm', from: 9, count: 20 },
  },
  {
    name: 'one-winner',
    rule: '2: one device answers; the call ends on the other devices',
    file: 'review.ts',
    find: `    if (own.device !== ctx.self.deviceID) return finish(ctx, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'calm', from: 13, count: 150 },
  },
  {
    name: 'coordinator-timer',
    rule: "3: the coordinator's timer",
    file: 'coordinator.ts',
    find: `  ctx.startTimer(call, { kind: 'invitation', user, round }, member.deadline - ctx.now + grace);
`,
    replace: '',
    noticed: { preset: 'calm', from: 4, count: 150 },
  },
  {
    name: 'repeats-ignored',
    rule: '5: a duplicate message changes nothing',
    file: 'message-events.ts',
    find: `  if (!handled) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 3, count: 150 },
  },
  {
    name: 'glare',
    rule: '6: glare is resolved',
    file: 'ringing.ts',
    find: 'if (resolveGlare(ctx, call) || acceptReplacement(ctx, call)) return;',
    replace: 'if (acceptReplacement(ctx, call)) return;',
    noticed: { preset: 'calm', from: 7, count: 150 },
  },
  {
    name: 'glare-own-media',
    rule: '6: media of the own call type in a glare',
    file: 'user-events.ts',
    find: 'call.glareType ?? call.type',
    replace: 'call.type',
    noticed: { preset: 'calm', from: 51, count: 150 },
  },
  {
    name: 'busy-yields-to-ringing',
    rule: '7: busy only while no device rings',
    file: 'coordinator.ts',
    find: `  if (mayRing(member) || member.answers.size) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 82, count: 150 },
  },
  {
    name: 'busy-counts-devices',
    rule: '7: busy when all devices have reported busy',
    file: 'coordinator.ts',
    find: `  if (!waited && member.rejectingDevices.length < (member.reachedDevices ?? Infinity)) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 117, count: 150 },
  },
  {
    name: 'last-cancels',
    rule: '10: the last member who leaves cancels ringing invitations',
    file: 'user-events.ts',
    find: `    for (const user of othersPending(call, ctx.me))
      endInvitation(ctx, call, user, 'canceled', customData);
`,
    replace: `    void customData;
`,
    noticed: { preset: 'calm', from: 61, count: 150 },
  },
  {
    name: 'lower-survivor',
    rule: '6: the call with the lower ID survives',
    file: 'ringing.ts',
    find: 'if (call.id > own.id) {',
    replace: 'if (call.id > own.id || call) {',
    noticed: { preset: 'calm', from: 239, count: 10 },
  },
  {
    name: 'members-only',
    rule: '15: messages of users outside of the call have no effect',
    file: 'authority.ts',
    find: `return 'no member';`,
    replace: 'return undefined;',
    noticed: { preset: 'calm', from: 16, count: 150 },
  },
  {
    name: 'known-callid',
    rule: '15: send rejects a known call ID',
    file: 'user-events.ts',
    find: 'if (ctx.calls.has(callID))',
    replace: 'if (!ctx)',
    noticed: { preset: 'calm', from: 20, count: 150 },
  },
  {
    name: 'siblings-stop',
    rule: '2: the other devices stop ringing immediately',
    file: 'review.ts',
    find: `  if (answeredElsewhere(call) && !accepting) return finish(ctx, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'storm', from: 5, count: 60 },
  },
  {
    name: 'hang-up-connecting',
    rule: '4: hanging up while connecting ends the call with hung-up',
    file: 'user-events.ts',
    find: `connecting ? 'hung-up' : 'declined'`,
    replace: `'declined'`,
    noticed: { preset: 'storm', from: 5, count: 60 },
  },
  {
    name: 'presses-once',
    rule: '4: hanging up while connecting emits no further button callback',
    file: 'user-events.ts',
    find: `if (!connecting) ctx.callback(call, 'onIncomingCallDeclineButtonPressed');`,
    replace: `ctx.callback(call, 'onIncomingCallDeclineButtonPressed');`,
    noticed: { preset: 'storm', from: 5, count: 60 },
  },
  {
    name: 'busy-sent-again',
    rule: '7: a busy device that reconnects reports busy again',
    file: 'connection-events.ts',
    find: `    if (isSilentlyBusy(call)) sendBusy(ctx, call);
`,
    replace: `    void (isSilentlyBusy, sendBusy);
`,
    noticed: { preset: 'liar-faults', from: 3264, count: 1 },
  },
  {
    name: 'busy-followed',
    rule: '7: a busy device tracks the invitation',
    file: 'ringing.ts',
    find: `    return followSilently(ctx, call, remaining);
  }
  if (remaining`,
    replace: `    call.phase = 'over';
    return;
  }
  if (remaining`,
    noticed: { preset: 'storm', from: 38, count: 60 },
  },
  {
    name: 'synced-first',
    rule: '5: nothing rings before the initial sync is complete',
    file: 'invitation-events.ts',
    find: 'if (ctx.synced) ring(ctx, call);',
    replace: 'if (ctx.online) ring(ctx, call);',
    noticed: { preset: 'storm', from: 7, count: 60 },
  },
  {
    name: 'decline-to-siblings',
    rule: "2: a decline is sent to the user's other devices",
    file: 'user-events.ts',
    find: `  const to = [...others(call, ctx.me), ctx.me];
  const declined`,
    replace: `  const to = others(call, ctx.me);
  const declined`,
    noticed: { preset: 'calm', from: 10, count: 20 },
  },
  {
    name: 'accept-to-siblings',
    rule: "2: an accept is sent to the user's other devices",
    file: 'user-events.ts',
    find: `  const to = [...others(call, ctx.me), ctx.me];
  const kept = keepsOthers(ctx, call);`,
    replace: `  const to = others(call, ctx.me);
  const kept = keepsOthers(ctx, call);`,
    noticed: { preset: 'small', from: 48, count: 400 },
  },
  {
    name: 'stale-invite',
    rule: '5: a late invite does not ring',
    file: 'ringing.ts',
    find: 'if (remaining < durations.MIN_RING_MS && remaining < call.timeoutMs / 2)',
    replace: 'if (remaining < 0)',
    noticed: { preset: 'small', from: 55, count: 400 },
  },
  {
    name: 'coordinator-grace',
    rule: '3: an accept at the last moment counts',
    file: 'durations.ts',
    find: 'COORDINATOR_GRACE_MS = 2_000',
    replace: 'COORDINATOR_GRACE_MS = 0',
    noticed: { preset: 'calm', from: 66, count: 10 },
  },
  {
    name: 'early-kept',
    rule: '8: messages of an unknown call are deferred',
    file: 'deferred-messages.ts',
    find: `if (deferred.length < MAX_DEFERRED_MESSAGES && ofSender < MAX_DEFERRED_OF_SENDER)
    deferred.push(message);`,
    replace: 'void ofSender;',
    noticed: { preset: 'calm', from: 200, count: 60 },
  },
  {
    name: 'settle-own',
    rule: '11: settles six seconds after the own ring timer',
    file: 'durations.ts',
    find: 'SETTLE_AFTER_OWN_TIMER_MS = 6_000',
    replace: 'SETTLE_AFTER_OWN_TIMER_MS = 0',
    noticed: { preset: 'bigcalm', from: 184, count: 30 },
  },
  {
    name: 'settle-answered',
    rule: '11: an answer ends the settling without a callback',
    file: 'review.ts',
    find: `if (answeredElsewhere(call) || hasAnswered || own.state === 'declined' || own.state === 'glare') {`,
    replace: 'if (!call) {',
    noticed: { preset: 'calm', from: 34, count: 300 },
  },
  {
    name: 'settle-after-notice',
    rule: "11: settles three seconds after the coordinator's message",
    file: 'durations.ts',
    find: 'SETTLE_AFTER_NOTICE_MS = 3_000',
    replace: 'SETTLE_AFTER_NOTICE_MS = 0',
    noticed: { preset: 'bigcalm', from: 242, count: 40 },
  },
  {
    name: 'glare-rings-later',
    rule: "6: the other user's call rings when the own call ends unanswered",
    file: 'machine.ts',
    find: `  resolveGlaredCalls(ctx);
`,
    replace: '',
    noticed: { preset: 'calm', from: 1171, count: 10 },
  },
  {
    name: 'ring-timer',
    rule: "3: the callee's ring timer",
    file: 'ringing.ts',
    find: `  ctx.startTimer(call, { kind: 'ring', round }, remaining);
`,
    replace: '',
    noticed: { preset: 'storm', from: 266, count: 60 },
  },
  {
    name: 'select-timer',
    rule: '3: accepted, but not selected',
    file: 'durations.ts',
    find: 'SELECT_WAIT_MS = 20_000',
    replace: 'SELECT_WAIT_MS = 1e9',
    noticed: { preset: 'crossing', from: 16, count: 300 },
  },
  {
    name: 'sync-current',
    rule: '14: a reconnection syncs the current call',
    file: 'connection-events.ts',
    find: 'isRunning || isUndecided(phase)',
    replace: '!isRunning && isUndecided(phase)',
    noticed: { preset: 'crossing', from: 50, count: 300 },
  },
  {
    name: 'resend-invite',
    rule: '14: a reconnection sends unacknowledged messages again',
    file: 'connection-events.ts',
    find: 'if (open.length) repeatInvite(ctx, call, open, messageID);',
    replace: 'if (open.length) void repeatInvite;',
    noticed: { preset: 'crossing', from: 66, count: 300 },
  },
  {
    name: 'link-timer',
    rule: '3: a call without a link syncs again after thirty seconds',
    file: 'durations.ts',
    find: 'LINK_WAIT_MS = 30_000',
    replace: 'LINK_WAIT_MS = 1e9',
    noticed: { preset: 'crossing', from: 311, count: 120 },
  },
  {
    name: 'probe',
    rule: '3: a member that does not answer the sync is lost',
    file: 'links.ts',
    find: `    return 'unresponsive';
`,
    replace: `    return again('link', durations.LINK_WAIT_MS);
`,
    noticed: { preset: 'small', from: 91, count: 3 },
  },
  {
    name: 'live-link-counts',
    rule: '9: a member with a connected link is not counted as lost',
    file: 'call.ts',
    find: ` || call.links.get(key)?.state === 'up'`,
    replace: '',
    noticed: { preset: 'crossing', from: 346, count: 120 },
  },
  {
    name: 'accepting-counts',
    rule: '14: the phase accepting counts as the accept',
    file: 'message-events.ts',
    find: `if (message.phase === 'accepting' || asksToBeIn) onAnswer`,
    replace: 'if (message.join) onAnswer',
    noticed: { preset: 'crossing', from: 725, count: 40 },
  },
  {
    name: 'survives-down',
    rule: '16: the call survives a disconnected link',
    file: 'links.ts',
    find: `  awaitLink(ctx, call, link);
  // The link may`,
    replace: `  call.absent.set(deviceKey(user, device), { type: 'unresponsive' });
  // The link may`,
    noticed: { preset: 'crossing', from: 589, count: 400 },
  },
  {
    name: 'lost-counts',
    rule: '9: a lost device is not counted as a member',
    file: 'device-reports.ts',
    find: "if ((ctx.lastMessageAt.get(key) ?? 0) <= at) call.absent.set(key, { type: 'lost', at });",
    replace: '',
    noticed: { preset: 'crossing', from: 567, count: 400 },
  },
  {
    name: 'media-failed',
    rule: '3: media-failed after an answer without any link',
    file: 'links.ts',
    find: `linked ? again('link', durations.LINK_WAIT_MS) : 'media-failed'`,
    replace: `again('link', durations.LINK_WAIT_MS)`,
    noticed: { preset: 'crossing', from: 311, count: 400 },
  },
  {
    name: 'deny-stale-entry',
    rule: '4: a device named in a call that it has left reports that',
    file: 'message-events.ts',
    find: `  if (wasOver && !again && call.phase === 'over') denyStaleEntry(ctx, call, message);
`,
    replace: '',
    noticed: { preset: 'crossing', from: 635, count: 700 },
  },
  {
    name: 'unmissed',
    rule: '11: a later answer removes the missed call',
    file: 'review.ts',
    find: `  if (ctx.reportedMissed.delete(call.id)) ctx.effect({ type: 'unmissed', callID: call.id });
`,
    replace: '',
    noticed: { preset: 'crossing', from: 1501, count: 40 },
  },
  {
    name: 'sync-silent',
    rule: '14: a reconnection syncs silent and settling invitations',
    file: 'connection-events.ts',
    find: 'isRunning || isUndecided(phase)',
    replace: 'isRunning',
    noticed: { preset: 'crossing', from: 5249, count: 20 },
  },
  {
    name: 'repeats-ends',
    rule: '14: a reconnection reports how recent calls ended',
    file: 'connection-events.ts',
    find: `  for (const call of lately) repeatEnd(ctx, call);
`,
    replace: `  void repeatEnd;
`,
    noticed: { preset: 'crossing', from: 1066, count: 40 },
  },
  {
    name: 'settled-list',
    rule: '14: the server reports which invitations are settled',
    file: 'connection-events.ts',
    find: `if (isAnswered) call.answered = { round, device: SERVER_DEVICE };`,
    replace: `if (isAnswered) void SERVER_DEVICE;`,
    noticed: { preset: 'crossing', from: 6896, count: 10 },
  },
  {
    name: 'select-to-members',
    rule: '2: a selection is sent to all members',
    file: 'coordinator.ts',
    find: '[record.user, ...others(call, ctx.me)]',
    replace: '[record.user]',
    noticed: { preset: 'bigcalm', from: 18, count: 30 },
  },
  {
    name: 'backup-timer',
    rule: "3: every other member's timer",
    file: 'durations.ts',
    find: 'BACKUP_GRACE_MS = 14_000',
    replace: 'BACKUP_GRACE_MS = 1e9',
    noticed: { preset: 'waiting-faults', from: 3257, count: 1 },
  },
  {
    name: 'join-timer',
    rule: '13: a join times out after eight seconds',
    file: 'durations.ts',
    find: 'JOIN_WAIT_MS = 8_000',
    replace: 'JOIN_WAIT_MS = 1e9',
    noticed: { preset: 'big', from: 11, count: 80 },
  },
  {
    name: 'closes-left-links',
    rule: '16: links to devices that are no longer in are closed',
    file: 'links.ts',
    find: 'if (!wanted.has(key)) closeLink(ctx, call, user, device);',
    replace: 'void wanted;',
    noticed: { preset: 'big', from: 9, count: 80 },
  },
  {
    name: 'coordinator-succession',
    rule: '3: when the inviter is lost, another member coordinates',
    file: 'succession.ts',
    find: `  if (present(call.initiator)) return call.initiator;
  return [...call.members.keys()].filter(present).sort(compare)[0];`,
    replace: `  void compare;
  return inviter;`,
    noticed: { preset: 'big', from: 71, count: 100 },
  },
  {
    name: 'initiator-leaves',
    rule: "10: the initiator's leaving ends the call",
    file: 'review.ts',
    find: 'if (call.endWithInitiator && call.initiator !== ctx.me) {',
    replace: 'if (call.endWithInitiator && !call) {',
    noticed: { preset: 'big', from: 199, count: 10 },
  },
  {
    name: 'second-device-leaves',
    rule: '2: with two coordinators at the same time, the call ends on the other device',
    file: 'review.ts',
    find: `  if (own.state !== 'in' || own.device !== ctx.self.deviceID)
    return finish(ctx, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'two-coordinators', from: 2, count: 40 },
  },
  {
    name: 'two-coordinators',
    rule: '2: with two coordinators at the same time, the lower device ID wins',
    file: 'record-order.ts',
    find: `compare(b.device ?? '', a.device ?? '')`,
    replace: '0',
    noticed: { preset: 'two-coordinators', from: 2, count: 40 },
  },
  {
    name: 'one-device-one-call',
    rule: '12: a device is in one call',
    file: 'invitation-events.ts',
    find: '  } else if (!message.keepsOthers) endOtherCallsOf(ctx, call, message);',
    replace: '  } else void endOtherCallsOf;',
    noticed: { preset: 'calm', from: 884, count: 10 },
  },
  {
    name: 'relink-failed',
    rule: '16: a failed link is built again',
    file: 'links.ts',
    find: `  if (type !== 'link.failed') return;
`,
    replace: `  if (type !== 'link.failed' || link) return;
`,
    noticed: { preset: 'media-break', from: 1, count: 10 },
  },
  {
    name: 'rebuild-links',
    rule: '16: links are built again after a reconnection',
    file: 'connection-events.ts',
    find: 'rebuildLink(ctx, call, link);',
    replace: 'void rebuildLink;',
    noticed: { preset: 'cut-while-linking', from: 6, count: 80 },
  },
  {
    name: 'busy-timer',
    rule: '7: busy eight seconds after the last answer',
    file: 'answer-events.ts',
    find: `  ctx.startTimer(call, { kind: 'busy', user: userID, round }, durations.BUSY_WAIT_MS);
`,
    replace: '',
    noticed: { preset: 'busy-and-gone', from: 1, count: 10 },
  },
  {
    name: 'busy-when-synced',
    rule: '7: never busy while the own connection is down',
    file: 'coordinator.ts',
    find: 'if (mayHaveMissedMessages(ctx)) return ctx.startTimer',
    replace: 'if (!member) return ctx.startTimer',
    noticed: { preset: 'busy-and-cut-off', from: 6, count: 40 },
  },
  {
    name: 'busy-elsewhere',
    rule: '7: a call on another page of the browser makes the user busy',
    file: 'transition-context.ts',
    find: 'if (other !== undefined && other !== callID) return true;',
    replace: 'if (other !== other) return true;',
    noticed: { preset: 'calm', from: 12, count: 30 },
  },
  {
    name: 'do-not-disturb',
    rule: '7: with do-not-disturb, calls ring only for the caller',
    file: 'ringing.ts',
    find: 'const isQuiet = ctx.doNotDisturb || ',
    replace: 'const isQuiet = ',
    noticed: { preset: 'calm', from: 46, count: 20 },
  },
  {
    name: 'join-in-vain',
    rule: '13: a join that is not admitted answers no invitation',
    file: 'answer-events.ts',
    find: 'if (message.join) call.joinElsewhere = answer;\n  else if (',
    replace: 'if (',
    noticed: { preset: 'bigcalm', from: 11366, count: 1 },
  },
  {
    name: 'early-offer-of-join',
    rule: '8: an offer that arrives before the selection of a user who joins is kept',
    file: 'message-events.ts',
    find: '(sender && isPending(sender)) || isClaimedIn(call, message.from)',
    replace: 'sender && isPending(sender)',
    noticed: { preset: 'big', from: 3547, count: 1 },
  },
  {
    name: 'rings-while-asking',
    rule: '10: a device continues to ring while a member who may be in is asked',
    file: 'review.ts',
    find: '!isTrusted && !awaitsConfirmation(ctx, call)',
    replace: '!isTrusted',
    noticed: { preset: 'bigcalm', from: 7800, count: 1 },
  },
  {
    name: 'unknown-round',
    rule: '13: a user who left before this device came in is invited in the next round',
    file: 'inviting.ts',
    find: 'const round = lastRound(ctx, call, userID) + 1;',
    replace: 'const round = (lastRound ? (recordOf(call, userID)?.round ?? 0) : 0) + 1;',
    noticed: { preset: 'bigcalm', from: 8_469, count: 1 },
  },
  {
    name: 'glared-call-confirmed',
    rule: '6: after a reconnect, a glared call rings only once its caller confirms it',
    file: 'ringing.ts',
    find: 'ctx.synced && !(glareSurvivor !== undefined && isDoubtful)',
    replace: 'ctx.synced && !(glareSurvivor !== undefined && isDoubtful && !ctx)',
    noticed: { preset: 'crossing', from: 17_736, count: 1 },
  },
  {
    name: 'gives-way',
    rule: '2: with two coordinators at the same time, a device that gives way says so',
    file: 'ending.ts',
    find: "else if (own?.state === 'in' && own.device !== ctx.self.deviceID)",
    replace: "else if (own?.state === 'in' && own.device === '')",
    noticed: { preset: 'two-coordinators-checked', from: 2, count: 40 },
  },
  {
    name: 'initiator-never-met',
    rule: '3: a call that ends with its initiator ends for members who have never met the initiator',
    file: 'review.ts',
    find: ': hasLostInitiator(call);',
    replace: ': hasLostInitiator(call) && !call;',
    noticed: { preset: 'big', from: 8_758, count: 1 },
  },
  {
    name: 'declined-when-selected',
    rule: '4: a device that declines after it was selected leaves',
    file: 'answer-events.ts',
    find: `    if (call.phase === 'in' && state === 'in' && device === deviceID)
      respondWithState(ctx, call, message);
`,
    replace: `    void (state, device);
`,
    noticed: { preset: 'liar-faults', from: 30381, count: 1 },
  },
  {
    name: 'waits-for-member',
    rule: '10: a ringing device waits for the answer of a member whom its coordinator has named',
    file: 'claims.ts',
    find: 'claim.isOfCoordinator ||= from.userID === coordinatorOf(ctx, call, ctx.me);',
    replace: 'claim.isOfCoordinator ||= false;',
    noticed: { preset: 'liar-group', from: 30429, count: 1 },
  },
  {
    name: 'answer-repeated',
    rule: '14: a device tells another one of its user that it has answered a call that was reported there as missed',
    file: 'message-events.ts',
    find: "else if (message.phase === 'over' && call.phase === 'over' && hasActedHere(call))",
    replace: "else if (message.phase === 'over' && call.phase === 'in' && hasActedHere(call))",
    noticed: { preset: 'small', from: 3_016_776, count: 1 },
  },
];
