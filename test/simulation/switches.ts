import type { PresetName } from './schedule.js';

/*
 * Rules of the protocol that the tests can turn off, each by a change of one place of the machine's source, made in
 * memory: the simulation must notice. See docs/decisions/0002-rules-are-switched-off-by-patching.md.
 */

/** A rule that the tests can turn off. */
export interface Switch {
  readonly name: string;
  /** The rule of docs/protocol.md that it belongs to. */
  readonly rule: string;
  /** In `src/core/machine`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Schedules that keep every invariant, and break one with the rule off. */
  readonly noticed: { readonly preset: PresetName; readonly seeds: readonly number[] };
}

export const switches: readonly Switch[] = [
  {
    name: 'nothing-before-accept',
    rule: `1 nothing of the callee's media before accept`,
    file: 'ringing.ts',
    find: `d.startTimer(call, { kind: 'ring', round }, remaining);`,
    replace: `d.startTimer(call, { kind: 'ring', round }, remaining);
  d.act({ type: 'open-media', callID: call.id, callType: call.type, cause: 'accepted' });`,
    noticed: { preset: 'calm', seeds: [1, 2] },
  },
  {
    name: 'callbacks-first',
    rule: '1 callbacks before what they cause',
    file: 'draft.ts',
    find: '[...this.callbacks, ...this.actions]',
    replace: '[...this.actions, ...this.callbacks]',
    noticed: { preset: 'calm', seeds: [1, 2] },
  },
  {
    name: 'one-winner',
    rule: '2 one winner',
    file: 'review.ts',
    find: `    if (own.device !== d.self.deviceID) return finish(d, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [63, 69] },
  },
  {
    name: 'siblings-stop',
    rule: '2 siblings stop at once',
    file: 'review.ts',
    find: `  if (answeredElsewhere(call) && !accepting) return finish(d, call, 'answered-elsewhere');
`,
    replace: '',
    noticed: { preset: 'storm', seeds: [5, 9] },
  },
  {
    name: 'accept-to-siblings',
    rule: '2 accept goes to siblings',
    file: 'user-events.ts',
    find: `  const to = [...others(call, d.me), d.me];
  d.say(call, to, { type: 'accept', round, customData }, [ringing]);`,
    replace: `  const to = others(call, d.me);
  d.say(call, to, { type: 'accept', round, customData }, [ringing]);`,
    noticed: { preset: 'small', seeds: [48, 190] },
  },
  {
    name: 'decline-to-siblings',
    rule: '2 decline goes to siblings',
    file: 'user-events.ts',
    find: `  const to = [...others(call, d.me), d.me];
  const declined`,
    replace: `  const to = others(call, d.me);
  const declined`,
    noticed: { preset: 'small', seeds: [6, 10] },
  },
  {
    name: 'select-to-members',
    rule: '2 select goes to all members',
    file: 'judge.ts',
    find: '[record.user, ...others(call, d.me)]',
    replace: '[record.user]',
    noticed: { preset: 'bigcalm', seeds: [6, 18] },
  },
  {
    name: 'ring-timer',
    rule: '3 ring',
    file: 'ringing.ts',
    find: `  d.startTimer(call, { kind: 'ring', round }, remaining);
`,
    replace: '',
    noticed: { preset: 'storm', seeds: [266, 294] },
  },
  {
    name: 'judge-timer',
    rule: '3 judge',
    file: 'judge.ts',
    find: `  d.startTimer(call, { kind: 'invitation', user, round }, member.deadline - d.now + grace);
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [6, 17] },
  },
  {
    name: 'backup-timer',
    rule: '3 backup',
    file: 'durations.ts',
    find: 'BACKUP_GRACE = 14_000',
    replace: 'BACKUP_GRACE = 1e9',
    noticed: { preset: 'big', seeds: [20, 108] },
  },
  {
    name: 'select-timer',
    rule: '3 select',
    file: 'durations.ts',
    find: 'SELECT_WAIT = 20_000',
    replace: 'SELECT_WAIT = 1e9',
    noticed: { preset: 'crossing', seeds: [16, 158] },
  },
  {
    name: 'link-timer',
    rule: '3 link',
    file: 'durations.ts',
    find: 'LINK_WAIT = 30_000',
    replace: 'LINK_WAIT = 1e9',
    noticed: { preset: 'crossing', seeds: [311, 1510] },
  },
  {
    name: 'probe',
    rule: '3 probe',
    file: 'links.ts',
    find: `    return 'gone';
`,
    replace: `    return again('link', durations.LINK_WAIT);
`,
    noticed: { preset: 'crossing', seeds: [18, 355] },
  },
  {
    name: 'media-failed',
    rule: '3 media-failed',
    file: 'links.ts',
    find: `linked ? again('link', durations.LINK_WAIT) : 'media-failed'`,
    replace: `again('link', durations.LINK_WAIT)`,
    noticed: { preset: 'crossing', seeds: [311] },
  },
  {
    name: 'join-timer',
    rule: '3 join',
    file: 'durations.ts',
    find: 'JOIN_WAIT = 8_000',
    replace: 'JOIN_WAIT = 1e9',
    noticed: { preset: 'big', seeds: [11, 20] },
  },
  {
    name: 'late-answer-over',
    rule: '4 late answers: over',
    file: 'message-events.ts',
    find: `if (call.acted && message.type !== 'sync') reply(d, call, message);`,
    replace: '',
    noticed: { preset: 'storm', seeds: [554] },
  },
  {
    name: 'deny-ghost',
    rule: '4 named in a call it has left',
    file: 'message-events.ts',
    find: `  if (wasOver && call.phase === 'over') denyGhost(d, call, message);
`,
    replace: '',
    noticed: { preset: 'storm', seeds: [616] },
  },
  {
    name: 'hang-up-connecting',
    rule: '4 hanging up while connecting',
    file: 'user-events.ts',
    find: `connecting ? 'hung-up' : 'declined'`,
    replace: `'declined'`,
    noticed: { preset: 'storm', seeds: [5, 7] },
  },
  {
    name: 'presses-once',
    rule: '4 presses no button again',
    file: 'user-events.ts',
    find: `if (!connecting) d.callback(call, 'onIncomingCallDeclineButtonPressed');`,
    replace: `d.callback(call, 'onIncomingCallDeclineButtonPressed');`,
    noticed: { preset: 'storm', seeds: [5, 7] },
  },
  {
    name: 'seen-by-id',
    rule: '5 repeated',
    file: 'message-events.ts',
    find: `  if (d.seen.has(message.id)) return;
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [70, 82] },
  },
  {
    name: 'stale-invite',
    rule: '5 stale',
    file: 'ringing.ts',
    find: 'if (remaining < durations.STALE && remaining < call.timeoutMs / 2)',
    replace: 'if (remaining < 0)',
    noticed: { preset: 'small', seeds: [87, 282] },
  },
  {
    name: 'drained-first',
    rule: '5 queue read',
    file: 'invitation-events.ts',
    find: 'if (d.drained) ring(d, call);',
    replace: 'if (d.online) ring(d, call);',
    noticed: { preset: 'small', seeds: [7, 25] },
  },
  {
    name: 'glare',
    rule: '6 glare',
    file: 'ringing.ts',
    find: `  if (resolveGlare(d, call)) return;
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [4, 23] },
  },
  {
    name: 'glare-own-media',
    rule: '6 own media',
    file: 'user-events.ts',
    find: 'call.glareType ?? call.type',
    replace: 'call.type',
    noticed: { preset: 'calm', seeds: [51, 72] },
  },
  {
    name: 'glare-accepted',
    rule: '6 both hear accepted',
    file: 'review.ts',
    find: `  if (call.glareType !== undefined)
    d.callback(`,
    replace: `  if (call.glareType !== undefined && !call)
    d.callback(`,
    noticed: { preset: 'calm', seeds: [4, 9] },
  },
  {
    name: 'glare-rings-later',
    rule: '6 twin rings',
    file: 'machine.ts',
    find: `  settleTwins(d);
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [241, 256] },
  },
  {
    name: 'glare-not-missed',
    rule: '6 never missed',
    file: 'review.ts',
    find: `    case 'glare':
      return 'answered-elsewhere';`,
    replace: `    case 'glare':
      return 'canceled';`,
    noticed: { preset: 'calm', seeds: [9, 12] },
  },
  {
    name: 'busy-yields-to-ringing',
    rule: '7 state still inviting',
    file: 'judge.ts',
    find: `  if (member.record.state === 'ringing' || member.rang.length || member.answers.length) return;
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [12, 46] },
  },
  {
    name: 'busy-counts-devices',
    rule: '7 all devices named',
    file: 'judge.ts',
    find: `  if (!waited && member.refusals.length < (member.reached ?? Infinity)) return;
`,
    replace: '',
    noticed: { preset: 'calm', seeds: [12, 55] },
  },
  {
    name: 'busy-followed',
    rule: '7 busy device follows',
    file: 'ringing.ts',
    find: `    return followSilently(d, call, remaining);
  }
  if (remaining`,
    replace: `    call.phase = 'over';
    return;
  }
  if (remaining`,
    noticed: { preset: 'storm', seeds: [6, 18] },
  },
  {
    name: 'early-kept',
    rule: '8 kept for an unknown call',
    file: 'message-events.ts',
    find: 'if (early.length < MAX_EARLY_MESSAGES) early.push(message);',
    replace: 'void early;',
    noticed: { preset: 'calm', seeds: [200, 357] },
  },
  {
    name: 'lost-lifted',
    rule: '9 any later word lifts',
    file: 'message-events.ts',
    find: `  if (gone !== undefined && gone <= message.at) call.gone.delete(deviceID);
`,
    replace: '',
    noticed: { preset: 'big', seeds: [311] },
  },
  {
    name: 'lost-counts',
    rule: '9 vanished device is counted out',
    file: 'message-events.ts',
    find: 'if ((d.lastWord.get(device) ?? 0) <= at) call.gone.set(device, at);',
    replace: '',
    noticed: { preset: 'storm', seeds: [169] },
  },
  {
    name: 'live-link-counts',
    rule: '9 live link',
    file: 'call.ts',
    find: ` || call.links.get(device)?.state === 'up'`,
    replace: '',
    noticed: { preset: 'small', seeds: [127] },
  },
  {
    name: 'last-cancels',
    rule: '10 last one cancels',
    file: 'user-events.ts',
    find: `    for (const user of othersPending(call, d.me)) refuse(d, call, user, 'canceled', customData);
`,
    replace: `    void customData;
`,
    noticed: { preset: 'calm', seeds: [61, 70] },
  },
  {
    name: 'initiator-leaves',
    rule: '10 end rule',
    file: 'review.ts',
    find: 'if (call.endWithInitiator && call.initiator !== d.me) {',
    replace: 'if (call.endWithInitiator && !call) {',
    noticed: { preset: 'big', seeds: [139, 199] },
  },
  {
    name: 'settle-told',
    rule: '11 settles 3 s',
    file: 'durations.ts',
    find: 'SETTLE_TOLD = 3_000',
    replace: 'SETTLE_TOLD = 0',
    noticed: { preset: 'calm', seeds: [281] },
  },
  {
    name: 'settle-own',
    rule: '11 settles 6 s',
    file: 'durations.ts',
    find: 'SETTLE_OWN = 6_000',
    replace: 'SETTLE_OWN = 0',
    noticed: { preset: 'calm', seeds: [48, 196] },
  },
  {
    name: 'settle-answered',
    rule: '11 sibling answer ends settling',
    file: 'review.ts',
    find: `if (answeredElsewhere(call) || wasIn(own) || own.state === 'declined' || own.state === 'glare') {`,
    replace: 'if (!call) {',
    noticed: { preset: 'calm', seeds: [48, 196] },
  },
  {
    name: 'settle-drained',
    rule: '11 offline: after drain',
    file: 'ending.ts',
    find: `  if (!d.drained) {
`,
    replace: `  if (!call) {
`,
    noticed: { preset: 'crossing', seeds: [2498] },
  },
  {
    name: 'unmissed',
    rule: '11 later answer removes',
    file: 'review.ts',
    find: `  if (!d.missed.has(call.id)) return;
`,
    replace: `  return;
`,
    noticed: { preset: 'crossing', seeds: [1501] },
  },
  {
    name: 'one-device-one-call',
    rule: '12',
    file: 'invitation-events.ts',
    find: '  } else endOtherCallsOf(d, call, from.deviceID);',
    replace: '  } else void endOtherCallsOf;',
    noticed: { preset: 'calm', seeds: [884] },
  },
  {
    name: 'join-refused',
    rule: '13 another device in',
    file: 'message-events.ts',
    find: '(present && record.device !== deviceID) || ',
    replace: '',
    noticed: { preset: 'big', seeds: [1230] },
  },
  {
    name: 'join-judge',
    rule: '13 judge',
    file: 'message-events.ts',
    find: ' || judgeOf(d, call, userID) !== d.me',
    replace: '',
    noticed: { preset: 'bigcalm', seeds: [16, 114] },
  },
  {
    name: 'sync-current',
    rule: '14 sync current',
    file: 'connection-events.ts',
    find: `  sync(d, current);
  if (current.phase !== 'in') return;`,
    replace: `  if (current.phase !== 'in') return;`,
    noticed: { preset: 'crossing', seeds: [162, 187] },
  },
  {
    name: 'sync-silent',
    rule: '14 sync silent',
    file: 'connection-events.ts',
    find: `    if (call.phase === 'settling' || call.phase === 'silent') sync(d, call);`,
    replace: '    void call;',
    noticed: { preset: 'crossing', seeds: [3663] },
  },
  {
    name: 'retell',
    rule: '14 final records',
    file: 'connection-events.ts',
    find: `  for (const call of lately) if (call.acted) retell(d, call);
`,
    replace: `  void retell;
`,
    noticed: { preset: 'crossing', seeds: [1066, 3018] },
  },
  {
    name: 'resend-invite',
    rule: '14 resend',
    file: 'connection-events.ts',
    find: 'if (open.length) sendInvite(d, current, open, messageID);',
    replace: 'if (open.length) void sendInvite;',
    noticed: { preset: 'crossing', seeds: [66, 268] },
  },
  {
    name: 'accepting-counts',
    rule: '14 sync accepting',
    file: 'message-events.ts',
    find: `  if (message.phase === 'accepting') onAnswer(d, call, message, message.join === true);
  if`,
    replace: '  if',
    noticed: { preset: 'crossing', seeds: [228, 424] },
  },
  {
    name: 'incoming-counts',
    rule: '14 incoming counts',
    file: 'message-events.ts',
    find: `if (message.phase === 'incoming' && member && message.round === member.record.round)`,
    replace: 'if (!call && member)',
    noticed: { preset: 'crossing', seeds: [85, 289] },
  },
  {
    name: 'settled-list',
    rule: '14 settled list of the server',
    file: 'connection-events.ts',
    find: `if (how === 'answered') call.answered = { round, device: SERVER_DEVICE };`,
    replace: `if (how === 'answered') void SERVER_DEVICE;`,
    noticed: { preset: 'crossing', seeds: [3185] },
  },
  {
    name: 'sibling-state',
    rule: '14 a sibling says it answered',
    file: 'message-events.ts',
    find: `if (message.phase === 'accepting' || message.answered) onSibling(call, message);`,
    replace: '',
    noticed: { preset: 'crossing', seeds: [3198] },
  },
  {
    name: 'relink',
    rule: '16 never up: rebuilt',
    file: 'links.ts',
    find: 'if (initiator) startRelink(d, call, device, link, durations.RELINK_WAIT);',
    replace: '',
    noticed: { preset: 'crossing', seeds: [22, 27] },
  },
  {
    name: 'survives-down',
    rule: '16 survives',
    file: 'links.ts',
    find: `  awaitLink(d, call, device, link);
  // The link may`,
    replace: `  call.gone.set(device, 1);
  // The link may`,
    noticed: { preset: 'crossing', seeds: [311, 612] },
  },
  {
    name: 'closes-left-links',
    rule: '16 a member that leaves closes',
    file: 'links.ts',
    find: 'if (!wanted.has(device)) closeLink(d, call, device);',
    replace: 'void wanted;',
    noticed: { preset: 'big', seeds: [9, 53] },
  },
  {
    name: 'lower-survivor',
    rule: '6 lower callID',
    file: 'ringing.ts',
    find: 'if (call.id > own.id) {',
    replace: 'if (call.id > own.id || call) {',
    noticed: { preset: 'calm', seeds: [4, 45] },
  },
  {
    name: 'judge-succession',
    rule: 'judge',
    file: 'judge.ts',
    find: `  if (present(call.initiator)) return call.initiator;
  return [...call.members.keys()].filter(present).sort(compare)[0];`,
    replace: `  void compare;
  return inviter;`,
    noticed: { preset: 'big', seeds: [71, 137] },
  },
  {
    name: 'members-only',
    rule: '15 who may say what: records from a non-member are dropped',
    file: 'authority.ts',
    find: "return 'no member';",
    replace: 'return undefined;',
    noticed: { preset: 'calm', seeds: [16, 34] },
  },
];
