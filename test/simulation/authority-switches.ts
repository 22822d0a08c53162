import type { Switch } from './switches.js';

/* Rules about authority (who may send what). With one of them off, an attacker succeeds. The schedules are those
   of the presets with an attacker. */

export const authoritySwitches: readonly Switch[] = [
  {
    name: 'lost-from-server',
    rule: '15: only the server reports a lost device',
    file: 'authority.ts',
    find: `  if (message.type === 'leave' && message.lost !== undefined) return NEVER;
`,
    replace: ``,
    noticed: { preset: 'liar', from: 65, count: 20 },
  },
  {
    name: 'end-by-initiator',
    rule: '15: only the initiator ends a call with the end-call rule',
    file: 'authority.ts',
    find: `    return from.userID === call.initiator && call.endWithInitiator && isPresent(call, from)
      ? undefined
      : NEVER;`,
    replace: `    return undefined;`,
    noticed: { preset: 'liar', from: 5, count: 20 },
  },
  {
    name: 'present-decides',
    rule: '15: a user who is not in the call decides nothing about others',
    file: 'authority.ts',
    find: `    return sender && (isPending(sender) || sender.state === 'in') ? 'later' : 'refuse';`,
    replace: `    return sender ? 'admit' : 'refuse';`,
    noticed: { preset: 'liar', from: 6, count: 20 },
  },
  {
    name: 'itself-in',
    rule: '15: the statement that a user is in is confirmed by others',
    file: 'authority.ts',
    find: `  if (state === 'in') return 'claim';
  if (!known || state`,
    replace: `  if (state === 'in') return 'admit';
  if (!known || state`,
    noticed: { preset: 'liar-wild', from: 10, count: 20 },
  },
  {
    name: 'own-answer',
    rule: '15: the answer of this user is known to its own devices',
    file: 'authority.ts',
    find: `  if ((state === 'left' || state === 'declined') && isInside) return 'refuse';
`,
    replace: `  void isInside;
`,
    noticed: { preset: 'liar', from: 1950, count: 1 },
  },
  {
    name: 'own-round',
    rule: '15: nobody opens a new round of a member who is in',
    file: 'authority.ts',
    find: `  if (call.phase === 'in' && round > known.round)
    return onThisMember(ctx, call, from, record, isPremature);
  if (round > known.round && !isPending(record)) return 'refuse';
`,
    replace: `  void onThisMember;
`,
    noticed: { preset: 'liar', from: 64, count: 10 },
  },
  {
    name: 'own-device',
    rule: '15: no other device replaces the device that is in',
    file: 'authority.ts',
    find: `  if (state === 'in' && isInside && isOther) return 'later';
`,
    replace: `  void isOther;
`,
    noticed: { preset: 'liar', from: 183, count: 20 },
  },
  {
    name: 'own-coordinator',
    rule: '15: only the coordinator ends an invitation, or selects a device',
    file: 'authority.ts',
    find: `  return coordinates(ctx, call, from, { ...record, round: known.round }, isPremature)
    ? 'admit'
    : 'later';`,
    replace: `  return 'admit';`,
    noticed: { preset: 'liar-group', from: 636, count: 1 },
  },
  {
    name: 'coordinator-then',
    rule: '15: a coordinator by succession has made no claim before',
    file: 'authority.ts',
    find: `  return !isPremature && userID`,
    replace: `  return userID`,
    noticed: { preset: 'liar-faults', from: 5594, count: 1 },
  },
  {
    name: 'glare-by-inviter',
    rule: '15: only the inviter gives way to another call',
    file: 'authority.ts',
    find: `  if (state === 'glare' && inviterOf`,
    replace: `  if (state === 'glare' && record.inviter === from.userID) return 'admit';
  if (state === 'glare' && inviterOf`,
    noticed: { preset: 'liar-faults', from: 1009, count: 1 },
  },
  {
    name: 'another-in',
    rule: '15: the statement that another device is in is confirmed by that device',
    file: 'authority.ts',
    find: `  if (state === 'in') return 'claim';
  // It was sent`,
    replace: `  if (state === 'in') return 'admit';
  // It was sent`,
    noticed: { preset: 'liar', from: 300_929, count: 1 },
  },
  {
    name: 'another-left',
    rule: '15: the statement that another device has left is confirmed by that device',
    file: 'authority.ts',
    find: `    return state === 'left' || round > known.round ? 'query-device' : 'refuse';`,
    replace: `    return 'admit';`,
    noticed: { preset: 'liar', from: 170, count: 20 },
  },
  {
    name: 'claim-confirmed',
    rule: '15: a member who is claimed to be in confirms it',
    file: 'claims.ts',
    find: `  if (!claim.isSupported || !(claim.isConfirmed || (claim.isSelected && hasAccepted))) return false;`,
    replace: `  void hasAccepted;
  if (!claim.isSupported) return false;`,
    noticed: { preset: 'liar-group', from: 127, count: 22 },
  },
  {
    name: 'claim-supported',
    rule: '15: a device that claims to be in is supported by a member',
    file: 'claims.ts',
    find: `  if (!claim.isSupported || !(claim.isConfirmed || (claim.isSelected && hasAccepted))) return false;`,
    replace: `  if (!claim.isConfirmed && !(claim.isSelected && hasAccepted)) return false;`,
    noticed: { preset: 'liar-wild', from: 1040, count: 20 },
  },
  {
    name: 'repeats-of-user',
    rule: '15: a message is a duplicate only if it is from the same user',
    file: 'handled-messages.ts',
    find: `  const known = handled.get(userID);
  const key = \`\${deviceID} \${id}\`;`,
    replace: `  const known = new Map([...handled.values()].flatMap((each) => [...each]));
  const key = id + deviceID.slice(0, 0);`,
    noticed: { preset: 'liar', from: 3, count: 20 },
  },
  {
    name: 'link-of-user',
    rule: '15: a link belongs to a user and a device',
    file: 'call.ts',
    find: `export const deviceKey = (user: string, device: string): string => \`\${user} \${device}\`;`,
    replace: `export const deviceKey = (user: string, device: string): string => device + user.slice(0, 0);`,
    noticed: { preset: 'liar', from: 1624, count: 1 },
  },
  {
    name: 'canceled-stays-out',
    rule: '15: a user whose invitation was cancelled does not join',
    file: 'answer-events.ts',
    find: `    if (isTakenBack(call, userID)) return;
`,
    replace: ``,
    noticed: { preset: 'liar-group', from: 84, count: 20 },
  },
  {
    name: 'state-to-members',
    rule: '15: the state of a call is sent only to users who are in or invited',
    file: 'state-response.ts',
    find: `  if (userID === ctx.me || (record && (isPending(record) || record.state === 'in')))`,
    replace: `  if (ctx)`,
    noticed: { preset: 'liar', from: 31, count: 20 },
  },
  {
    name: 'stated-inviter',
    rule: '15: the first of two inviters of the same round, as the server states, is the inviter',
    file: 'invitation-events.ts',
    find: `  return isIn && inviter !== user ? inviter : from.userID;`,
    replace: `  return isIn && !user ? inviter : from.userID;`,
    noticed: { preset: 'liar', from: 30992, count: 1 },
  },
  {
    name: 'second-inviter',
    rule: '15: an inviter learns from the server that another member was first',
    file: 'claims.ts',
    find: `        if (message.from.deviceID === SERVER_DEVICE) correctInviter(call, record);
`,
    replace: `        void (SERVER_DEVICE, correctInviter);
`,
    noticed: { preset: 'bigcalm', from: 388, count: 1 },
  },
  {
    name: 'selected-by-coordinator',
    rule: '15: an accept proves the selection of the coordinator, not that of a member who claims to be the inviter',
    file: 'claims.ts',
    find: `    const isSelected = coordinates(ctx, call, from, record, false);`,
    replace: `    const isSelected =
      from.userID === record.inviter || coordinates(ctx, call, from, record, false);`,
    noticed: { preset: 'liar-group', from: 31625, count: 1 },
  },
  {
    name: 'own-later-round',
    rule: '15: a later round of a member who is in counts only shortly after a reconnect',
    file: 'authority.ts',
    find: 'return (hasReconnected || isRequested) && isSelectionHere',
    replace: 'return (hasReconnected || isRequested || !!call) && isSelectionHere',
    noticed: { preset: 'liar-group', from: 34211, count: 1 },
  },
  {
    name: 'decided-inviter',
    rule: '15: the inviter of a decided invitation does not change',
    file: 'authority.ts',
    find: '!isPending(known) && addsOnlyInviter(known, record)',
    replace: '!isPending(known) && isPending(record) && addsOnlyInviter(known, record)',
    noticed: { preset: 'liar-group', from: 30_012_994, count: 1 },
  },
  {
    name: 'join-reports',
    rule: '13: a join fails early only after all users who were in have reported',
    file: 'call-report.ts',
    find: `  if (!joining) return true;
`,
    replace: `  if (joining ?? call) return true;
`,
    noticed: { preset: 'liar', from: 58527, count: 1 },
  },
  {
    name: 'deferred-time',
    rule: '15: a deferred statement does not shorten an invitation that was placed later',
    file: 'call-records.ts',
    find: ` && !isDeferred;`,
    replace: ` && isDeferred !== undefined;`,
    noticed: { preset: 'liar', from: 56022, count: 1 },
  },
  {
    name: 'not-invited-while-in',
    rule: '15: a deferred invitation of a user who was still in afterwards does not count',
    file: 'authority.ts',
    find: 'isDeferred && isPending(record) && wasHeardAfter(ctx, known, at)',
    replace: 'isDeferred && isPending(record) && wasHeardAfter(ctx, known, at) && !call',
    noticed: { preset: 'liar-faults', from: 2_009_527, count: 1 },
  },
  {
    name: 'confirmed-presence',
    rule: '15: after the coordinator has replied that this device is in, it does not state the contrary by a later round',
    file: 'call-report.ts',
    find: '  noteConfirmedPresence(ctx, call, message);\n',
    replace: '  void noteConfirmedPresence;\n',
    noticed: { preset: 'liar-faults', from: 2_002_908, count: 1 },
  },
  {
    name: 'asks-after-pause',
    rule: '15: a question about a statement that was received in the pause after the last question is asked later',
    file: 'claims.ts',
    find: "else ctx.startTimer(call, { kind: 'ask', user, device }, wait);",
    replace: 'else void device;',
    noticed: { preset: 'liar-group', from: 3_004_990, count: 1 },
  },
  {
    name: 'asks-in-time',
    rule: '15: nobody is asked about a statement six seconds after its sender stated it first',
    file: 'claims.ts',
    find: 'if (isStatedForLong(ctx, message, record)) return;',
    replace: 'void isStatedForLong;',
    noticed: { preset: 'bigcalm', from: 10, count: 1 },
  },
  {
    name: 'knows-its-selections',
    rule: '15: the inviter of a user concludes that it is alone, whatever others state about that user',
    file: 'claims.ts',
    find: 'if (recordOf(call, user)?.inviter === ctx.me && !isBack(ctx, call)) return false;',
    replace: '',
    noticed: { preset: 'liar-group', from: 20_012_626, count: 1 },
  },
  {
    name: 'no-time-out-at-first',
    rule: '13: in its first two seconds in a call, a device times out no invitation',
    file: 'review.ts',
    find: '  postponeTimeouts(ctx, call);',
    replace: '',
    noticed: { preset: 'liar-faults', from: 99_001_451, count: 1 },
  },
  {
    name: 'invitation-kept',
    rule: '15: what an invitation states about users whom its sender has not invited is kept until it is proved',
    file: 'invitation-events.ts',
    find: '    else isOpen = true;\n',
    replace: '',
    noticed: { preset: 'liar-group', from: 3_004_990, count: 1 },
  },
  {
    name: 'waits-for-inviter',
    rule: '2: a member does not decide about an invitation while its inviter is asked whether they are in',
    file: 'coordinator.ts',
    find: ' &&\n    !mayBeIn(call, record.inviter)',
    replace: ' &&\n    !!mayBeIn',
    noticed: { preset: 'big', from: 30_036_149, count: 1, without: 'decision-repeated' },
  },
  {
    name: 'let-in-later',
    rule: '15: what a user stated about others before this device has let them in does not count',
    file: 'deferred-messages.ts',
    find: '    receivedAt <= decision.decidedAt &&',
    replace: '    receivedAt < 0 * decision.decidedAt &&',
    noticed: { preset: 'liar-faults', from: 107_002_079, count: 1, without: 'ended-before-in' },
  },
  {
    name: 'ended-before-in',
    rule: '15: what a user stated, before they came in, about the end of a later invitation of a member does not count',
    file: 'authority.ts',
    find: 'isDeferred && round > known.round && !isPending(record))',
    replace: 'isDeferred && round > known.round && !record)',
    noticed: { preset: 'liar-faults', from: 133_100_831, count: 1 },
  },
];
