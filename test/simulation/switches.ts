import { authoritySwitches } from './authority-switches.js';
import type { PresetName } from './schedule.js';
import type { ScenarioName } from './scenarios.js';

/**
 * A rule that the tests can turn off: a change of one place of the machine's source, made in memory. The product
 * knows nothing of it.
 */
export interface Switch {
  readonly name: string;
  /** The rule of the protocol that it belongs to, by number. */
  readonly rule: string;
  /** In `src/core/machine`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Where the simulation notices soon that the rule is off. `npm run simulate -- --off NAME` finds other places. */
  readonly noticed: {
    readonly preset: PresetName | ScenarioName;
    readonly from: number;
    readonly count: number;
  };
}

export const switches: readonly Switch[] = [
  ...authoritySwitches,
  {
    name: 'invites-vanished',
    rule: '9: one whose device vanished may be invited again',
    file: 'user-events.ts',
    find: '!(record && isPending(record)) && !isIn(call, userID)',
    replace: `!(record && (isPending(record) || isIn(call, userID) || record.state === 'in'))`,
    noticed: { preset: 'invited-back', from: 1, count: 40 },
  },
  {
    name: 'invites-when-alone',
    rule: '9: the last one in the call may invite while others ring',
    file: 'user-events.ts',
    find: '(alone(ctx, call) && !call.hadPeer)',
    replace: '(alone(ctx, call) && !!call)',
    noticed: { preset: 'big', from: 271, count: 1 },
  },
  {
    name: 'nothing-before-accept',
    rule: "1: nothing of the callee's media before accept",
    file: 'ringing.ts',
    find: `ctx.startTimer(call, { kind: 'ring', round }, remaining);`,
    replace: `ctx.startTimer(call, { kind: 'ring', round }, remaining);
  ctx.effect({ type: 'open-media', callID: call.id, callType: call.type, cause: 'accepted' });`,
    noticed: { preset: 'calm', from: 1, count: 20 },
  },
  {
    name: 'callbacks-first',
    rule: '1: callbacks come before what they cause',
    file: 'transition-context.ts',
    find: '[...this.callbacks, ...this.effects]',
    replace: '[...this.effects, ...this.callbacks]',
    noticed: { preset: 'calm', from: 1, count: 20 },
  },
  {
    name: 'glare-accepted',
    rule: '6: both hear onOutgoingCallAccepted',
    file: 'review.ts',
    find: `  if (call.glareType !== undefined)
    ctx.callback(`,
    replace: `  if (call.glareType !== undefined && !call)
    ctx.callback(`,
    noticed: { preset: 'calm', from: 1, count: 20 },
  },
  {
    name: 'own-place',
    rule: '13: a page that is reloaded takes its own place',
    file: 'message-events.ts',
    find: ` &&
        device !== joining.replaces,`,
    replace: `,`,
    noticed: { preset: 'big', from: 490, count: 20 },
  },
  {
    name: 'glare-not-missed',
    rule: '6: a glare is never a missed call',
    file: 'review.ts',
    find: `    case 'glare':
      return 'answered-elsewhere';`,
    replace: `    case 'glare':
      return 'canceled';`,
    noticed: { preset: 'calm', from: 1, count: 20 },
  },
  {
    name: 'one-winner',
    rule: '2: one winner; the other device ends',
    file: 'review.ts',
    find: `    if (own.device !== ctx.self.deviceID) return finish(ctx, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'coordinator-timer',
    rule: "3: the judge's timer",
    file: 'coordinator.ts',
    find: `  ctx.startTimer(call, { kind: 'invitation', user, round }, member.deadline - ctx.now + grace);
`,
    replace: '',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'repeats-ignored',
    rule: '5: a message seen before changes nothing',
    file: 'message-events.ts',
    find: `  if (!handled) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'glare',
    rule: '6: glare',
    file: 'ringing.ts',
    find: `  if (resolveGlare(ctx, call)) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'glare-own-media',
    rule: '6: own media in a glare',
    file: 'user-events.ts',
    find: 'call.glareType ?? call.type',
    replace: 'call.type',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'busy-yields-to-ringing',
    rule: '7: busy only while no device rings',
    file: 'coordinator.ts',
    find: `  if (member.record.state === 'ringing' || member.answers.size) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'busy-counts-devices',
    rule: '7: busy when all devices have said so',
    file: 'coordinator.ts',
    find: `  if (!waited && member.rejectingDevices.length < (member.reachedDevices ?? Infinity)) return;
`,
    replace: '',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'last-cancels',
    rule: '10: the last one who leaves cancels what rings',
    file: 'user-events.ts',
    find: `    for (const user of othersPending(call, ctx.me))
      endInvitation(ctx, call, user, 'canceled', customData);
`,
    replace: `    void customData;
`,
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'lower-survivor',
    rule: '6: the lower callID survives',
    file: 'ringing.ts',
    find: 'if (call.id > own.id) {',
    replace: 'if (call.id > own.id || call) {',
    noticed: { preset: 'calm', from: 235, count: 10 },
  },
  {
    name: 'members-only',
    rule: '15: nothing from one who is no member',
    file: 'authority.ts',
    find: `return 'no member';`,
    replace: 'return undefined;',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'known-callid',
    rule: '15: send refuses a known callID',
    file: 'user-events.ts',
    find: 'if (ctx.calls.has(callID))',
    replace: 'if (!ctx)',
    noticed: { preset: 'calm', from: 1, count: 150 },
  },
  {
    name: 'siblings-stop',
    rule: '2: the other devices stop at once',
    file: 'review.ts',
    find: `  if (answeredElsewhere(call) && !accepting) return finish(ctx, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'storm', from: 1, count: 60 },
  },
  {
    name: 'hang-up-connecting',
    rule: '4: hanging up while connecting ends hung-up',
    file: 'user-events.ts',
    find: `connecting ? 'hung-up' : 'declined'`,
    replace: `'declined'`,
    noticed: { preset: 'storm', from: 1, count: 60 },
  },
  {
    name: 'presses-once',
    rule: '4: hanging up while connecting presses no button again',
    file: 'user-events.ts',
    find: `if (!connecting) ctx.callback(call, 'onIncomingCallDeclineButtonPressed');`,
    replace: `ctx.callback(call, 'onIncomingCallDeclineButtonPressed');`,
    noticed: { preset: 'storm', from: 1, count: 60 },
  },
  {
    name: 'busy-said-again',
    rule: '7: a busy device that comes back says so again',
    file: 'connection-events.ts',
    find: `    if (isSilentlyBusy(call)) sendBusy(ctx, call);
`,
    replace: `    void (isSilentlyBusy, sendBusy);
`,
    noticed: { preset: 'liar-faults', from: 3264, count: 1 },
  },
  {
    name: 'busy-followed',
    rule: '7: a busy device follows the invitation',
    file: 'ringing.ts',
    find: `    return followSilently(ctx, call, remaining);
  }
  if (remaining`,
    replace: `    call.phase = 'over';
    return;
  }
  if (remaining`,
    noticed: { preset: 'storm', from: 1, count: 60 },
  },
  {
    name: 'drained-first',
    rule: '5: everything queued is read before anything rings',
    file: 'invitation-events.ts',
    find: 'if (ctx.synced) ring(ctx, call);',
    replace: 'if (ctx.online) ring(ctx, call);',
    noticed: { preset: 'storm', from: 1, count: 60 },
  },
  {
    name: 'decline-to-siblings',
    rule: '2: a decline goes to the own other devices',
    file: 'user-events.ts',
    find: `  const to = [...others(call, ctx.me), ctx.me];
  const declined`,
    replace: `  const to = others(call, ctx.me);
  const declined`,
    noticed: { preset: 'calm', from: 10, count: 20 },
  },
  {
    name: 'accept-to-siblings',
    rule: '2: an accept goes to the own other devices',
    file: 'user-events.ts',
    find: `  const to = [...others(call, ctx.me), ctx.me];
  ctx.send(call, to, { type: 'accept', round, customData }, [ringing]);`,
    replace: `  const to = others(call, ctx.me);
  ctx.send(call, to, { type: 'accept', round, customData }, [ringing]);`,
    noticed: { preset: 'small', from: 1, count: 400 },
  },
  {
    name: 'stale-invite',
    rule: '5: an invite that comes late does not ring',
    file: 'ringing.ts',
    find: 'if (remaining < durations.MIN_RING_MS && remaining < call.timeoutMs / 2)',
    replace: 'if (remaining < 0)',
    noticed: { preset: 'small', from: 1, count: 400 },
  },
  {
    name: 'coordinator-grace',
    rule: '3: an accept in the last moment counts',
    file: 'durations.ts',
    find: 'COORDINATOR_GRACE_MS = 2_000',
    replace: 'COORDINATOR_GRACE_MS = 0',
    noticed: { preset: 'calm', from: 60, count: 10 },
  },
  {
    name: 'early-kept',
    rule: '8: what comes for an unknown call is kept',
    file: 'deferred-messages.ts',
    find: `if (deferred.length < MAX_DEFERRED_MESSAGES && ofSender < MAX_DEFERRED_OF_SENDER)
    deferred.push(message);`,
    replace: 'void ofSender;',
    noticed: { preset: 'calm', from: 190, count: 60 },
  },
  {
    name: 'settle-own',
    rule: '11: settles six seconds after the own timer',
    file: 'durations.ts',
    find: 'SETTLE_AFTER_OWN_TIMER_MS = 6_000',
    replace: 'SETTLE_AFTER_OWN_TIMER_MS = 0',
    noticed: { preset: 'bigcalm', from: 184, count: 30 },
  },
  {
    name: 'settle-answered',
    rule: '11: an answer ends the settling silently',
    file: 'review.ts',
    find: `if (answeredElsewhere(call) || wasIn(own) || own.state === 'declined' || own.state === 'glare') {`,
    replace: 'if (!call) {',
    noticed: { preset: 'calm', from: 1, count: 300 },
  },
  {
    name: 'settle-told',
    rule: "11: settles three seconds after the judge's word",
    file: 'durations.ts',
    find: 'SETTLE_AFTER_NOTICE_MS = 3_000',
    replace: 'SETTLE_AFTER_NOTICE_MS = 0',
    noticed: { preset: 'bigcalm', from: 240, count: 40 },
  },
  {
    name: 'glare-rings-later',
    rule: "6: the other's call rings when the own one ends unanswered",
    file: 'machine.ts',
    find: `  resolveGlaredCalls(ctx);
`,
    replace: '',
    noticed: { preset: 'calm', from: 1170, count: 10 },
  },
  {
    name: 'ring-timer',
    rule: "3: the callee's ring timer",
    file: 'ringing.ts',
    find: `  ctx.startTimer(call, { kind: 'ring', round }, remaining);
`,
    replace: '',
    noticed: { preset: 'storm', from: 250, count: 60 },
  },
  {
    name: 'select-timer',
    rule: '3: accepted, not selected',
    file: 'durations.ts',
    find: 'SELECT_WAIT_MS = 20_000',
    replace: 'SELECT_WAIT_MS = 1e9',
    noticed: { preset: 'crossing', from: 1, count: 300 },
  },
  {
    name: 'sync-current',
    rule: '14: after a reconnect, syncs the current call',
    file: 'connection-events.ts',
    find: 'call === current || isUndecided(call.phase)',
    replace: 'call !== current && isUndecided(call.phase)',
    noticed: { preset: 'crossing', from: 1, count: 300 },
  },
  {
    name: 'resend-invite',
    rule: '14: and sends again what was not acknowledged',
    file: 'connection-events.ts',
    find: 'if (open.length) sendInvite(ctx, current, open, messageID);',
    replace: 'if (open.length) void sendInvite;',
    noticed: { preset: 'crossing', from: 1, count: 300 },
  },
  {
    name: 'link-timer',
    rule: '3: no link: asks again after thirty seconds',
    file: 'durations.ts',
    find: 'LINK_WAIT_MS = 30_000',
    replace: 'LINK_WAIT_MS = 1e9',
    noticed: { preset: 'crossing', from: 300, count: 120 },
  },
  {
    name: 'probe',
    rule: '3: no answer to that: it is lost',
    file: 'links.ts',
    find: `    return 'gone';
`,
    replace: `    return again('link', durations.LINK_WAIT_MS);
`,
    noticed: { preset: 'small', from: 90, count: 3 },
  },
  {
    name: 'live-link-counts',
    rule: '9: not while there is a live link to it',
    file: 'call.ts',
    find: ` || call.links.get(key)?.state === 'up'`,
    replace: '',
    noticed: { preset: 'crossing', from: 300, count: 120 },
  },
  {
    name: 'accepting-counts',
    rule: '14: the phase accepting counts as the accept',
    file: 'message-events.ts',
    find: `  if (message.phase === 'accepting') onAnswer(ctx, call, message);
  if`,
    replace: '  if',
    noticed: { preset: 'crossing', from: 700, count: 40 },
  },
  {
    name: 'survives-down',
    rule: '16: the call survives a link that is down',
    file: 'links.ts',
    find: `  awaitLink(ctx, call, link);
  // The link may`,
    replace: `  call.gone.set(deviceKey(user, device), 1);
  // The link may`,
    noticed: { preset: 'crossing', from: 300, count: 400 },
  },
  {
    name: 'lost-counts',
    rule: '9: a vanished device is counted out',
    file: 'message-events.ts',
    find: "if ((ctx.lastMessageAt.get(key) ?? 0) <= at) call.absent.set(key, { type: 'lost', at });",
    replace: '',
    noticed: { preset: 'crossing', from: 300, count: 400 },
  },
  {
    name: 'media-failed',
    rule: '3: an answer, but no link to anybody: media-failed',
    file: 'links.ts',
    find: `linked ? again('link', durations.LINK_WAIT_MS) : 'media-failed'`,
    replace: `again('link', durations.LINK_WAIT_MS)`,
    noticed: { preset: 'crossing', from: 300, count: 400 },
  },
  {
    name: 'deny-ghost',
    rule: '4: named in a call that it has left, it says so',
    file: 'message-events.ts',
    find: `  if (wasOver && call.phase === 'over') denyStaleEntry(ctx, call, message);
`,
    replace: '',
    noticed: { preset: 'crossing', from: 600, count: 700 },
  },
  {
    name: 'unmissed',
    rule: '11: a later answer removes the missed call',
    file: 'review.ts',
    find: `  if (ctx.reportedMissed.delete(call.id)) ctx.effect({ type: 'unmissed', callID: call.id });
`,
    replace: '',
    noticed: { preset: 'crossing', from: 1480, count: 40 },
  },
  {
    name: 'sync-silent',
    rule: '14: and the silent and settling invitations',
    file: 'connection-events.ts',
    find: 'call === current || isUndecided(call.phase)',
    replace: 'call === current',
    noticed: { preset: 'crossing', from: 5240, count: 20 },
  },
  {
    name: 'retell',
    rule: '14: and tells how calls ended lately',
    file: 'connection-events.ts',
    find: `  for (const call of lately) repeatEnd(ctx, call);
`,
    replace: `  void repeatEnd;
`,
    noticed: { preset: 'crossing', from: 1050, count: 40 },
  },
  {
    name: 'settled-list',
    rule: '14: the server says which invitations are settled',
    file: 'connection-events.ts',
    find: `if (how === 'answered') call.answered = { round, device: SERVER_DEVICE };`,
    replace: `if (how === 'answered') void SERVER_DEVICE;`,
    noticed: { preset: 'crossing', from: 6890, count: 10 },
  },
  {
    name: 'select-to-members',
    rule: '2: a selection goes to all members',
    file: 'coordinator.ts',
    find: '[record.user, ...others(call, ctx.me)]',
    replace: '[record.user]',
    noticed: { preset: 'bigcalm', from: 1, count: 30 },
  },
  {
    name: 'backup-timer',
    rule: "3: every other member's timer",
    file: 'durations.ts',
    find: 'BACKUP_GRACE_MS = 14_000',
    replace: 'BACKUP_GRACE_MS = 1e9',
    noticed: { preset: 'big', from: 15, count: 100 },
  },
  {
    name: 'join-timer',
    rule: '13: a join is over after eight seconds',
    file: 'durations.ts',
    find: 'JOIN_WAIT_MS = 8_000',
    replace: 'JOIN_WAIT_MS = 1e9',
    noticed: { preset: 'big', from: 1, count: 80 },
  },
  {
    name: 'closes-left-links',
    rule: '16: links to whom is not in any more are closed',
    file: 'links.ts',
    find: 'if (!wanted.has(key)) closeLink(ctx, call, user, device);',
    replace: 'void wanted;',
    noticed: { preset: 'big', from: 1, count: 80 },
  },
  {
    name: 'coordinator-succession',
    rule: 'the judge: when the inviter is gone, somebody else',
    file: 'coordinator.ts',
    find: `  if (present(call.initiator)) return call.initiator;
  return [...call.members.keys()].filter(present).sort(compare)[0];`,
    replace: `  void compare;
  return inviter;`,
    noticed: { preset: 'big', from: 60, count: 100 },
  },
  {
    name: 'initiator-leaves',
    rule: "10: the initiator's leaving ends the call",
    file: 'review.ts',
    find: 'if (call.endWithInitiator && call.initiator !== ctx.me) {',
    replace: 'if (call.endWithInitiator && !call) {',
    noticed: { preset: 'big', from: 195, count: 10 },
  },
  {
    name: 'lost-lifted',
    rule: '9: a later word of a vanished device lifts the mark',
    file: 'message-events.ts',
    find: `  if (absence?.type !== 'lost' || absence.at <= message.at) call.absent.delete(key);
`,
    replace: '',
    noticed: { preset: 'big', from: 300, count: 20 },
  },
  {
    name: 'second-device-leaves',
    rule: '2: two judges at once, the other device ends',
    file: 'review.ts',
    find: `  if (own.state !== 'in' || own.device !== ctx.self.deviceID)
    return finish(ctx, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'two-judges', from: 1, count: 40 },
  },
  {
    name: 'two-judges',
    rule: '2: two judges at once, the lower device ID wins',
    file: 'record-order.ts',
    find: `compare(b.device ?? '', a.device ?? '')`,
    replace: '0',
    noticed: { preset: 'two-judges', from: 1, count: 40 },
  },
  {
    name: 'one-device-one-call',
    rule: '12: one device, one call',
    file: 'invitation-events.ts',
    find: '  } else endOtherCallsOf(ctx, call, from);',
    replace: '  } else void endOtherCallsOf;',
    noticed: { preset: 'calm', from: 880, count: 10 },
  },
  {
    name: 'relink-failed',
    rule: '16: a link that failed is built anew',
    file: 'links.ts',
    find: `  if (type === 'link.failed' && link.isOfferer)
    startRelink(ctx, call, link, durations.RELINK_PAUSE_MS);
`,
    replace: '',
    noticed: { preset: 'media-break', from: 1, count: 10 },
  },
  {
    name: 'rebuild-links',
    rule: '16: after a reconnect, links are built anew',
    file: 'connection-events.ts',
    find: 'rebuildLink(ctx, current, link);',
    replace: 'void rebuildLink;',
    noticed: { preset: 'cut-while-linking', from: 1, count: 80 },
  },
  {
    name: 'busy-timer',
    rule: '7: or eight seconds after the last',
    file: 'answer-events.ts',
    find: `  ctx.startTimer(call, { kind: 'busy', user: userID, round }, durations.BUSY_WAIT_MS);
`,
    replace: '',
    noticed: { preset: 'busy-and-gone', from: 1, count: 10 },
  },
  {
    name: 'busy-when-drained',
    rule: '7: never while the own connection is down',
    file: 'coordinator.ts',
    find: 'if (mayHaveMissedMessages(ctx)) return ctx.startTimer',
    replace: 'if (!member) return ctx.startTimer',
    noticed: { preset: 'busy-and-deaf', from: 1, count: 40 },
  },
  {
    name: 'busy-elsewhere',
    rule: '7: a call on another page of the browser makes busy',
    file: 'transition-context.ts',
    find: ' || (busyInOtherTab !== undefined && busyInOtherTab !== callID)',
    replace: '',
    noticed: { preset: 'calm', from: 10, count: 30 },
  },
  {
    name: 'quiet',
    rule: '7: who does not want to be disturbed is busy',
    file: 'ringing.ts',
    find: ' || ctx.doNotDisturb',
    replace: '',
    noticed: { preset: 'calm', from: 40, count: 20 },
  },
  {
    name: 'join-in-vain',
    rule: '13: a join that nobody lets in answers no invitation',
    file: 'answer-events.ts',
    find: '  if (message.join) return;\n',
    replace: '',
    noticed: { preset: 'bigcalm', from: 778, count: 1 },
  },
];
