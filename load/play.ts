import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndReason } from '../src/core/index.js';
import type { Plan } from './mix.js';
import type { Person } from './person.js';
import type { Tally } from './tally.js';

/** Above what people do: how long the end of a call may take to show, in ms. */
const GRACE_MS = 15_000;
/** Who leaves a group while others do the same may hear of them first. */
const GROUP_ENDS: readonly EndReason[] = ['hung-up', 'everyone-left'];

interface Stage {
  readonly plan: Plan;
  readonly tally: Tally;
  /** The caller first; as many as the plan needs. */
  readonly people: readonly Person[];
  /** Somebody who is not signed in, and who signs in now. */
  readonly absent: { readonly userID: string; signIn(): Promise<Person> };
}

/**
 * Plays one call, from its invitation to its end.
 * @throws {Unexpected} when it goes another way than planned
 * @throws {CallError} when a command fails
 */
export async function play(stage: Stage): Promise<void> {
  const [caller, callee] = stage.people;
  if (!caller) throw new Error('A plan needs somebody who calls.');
  if (stage.plan.outcome === 'offline') return playOffline(stage, caller);
  if (!callee) throw new Error('A plan needs somebody to call.');
  switch (stage.plan.outcome) {
    case 'answered':
      return playAnswered(stage, caller, callee);
    case 'group':
      return playGroup(stage, caller, stage.people.slice(1));
    case 'busy':
      return playBusy(stage, caller, callee);
    case 'unanswered': {
      const { callID } = await ring(stage, caller, [callee]);
      return bothEnd(callID, [caller, callee], 'timeout', stage.plan.timeoutSeconds * 1_000);
    }
    case 'declined': {
      const { callID } = await ring(stage, caller, [callee]);
      await sleep(stage.plan.afterMs[0]);
      await callee.service.decline();
      return bothEnd(callID, [caller, callee], 'declined');
    }
    case 'canceled': {
      const { callID } = await ring(stage, caller, [callee]);
      await sleep(stage.plan.afterMs[0]);
      await caller.service.cancel();
      return bothEnd(callID, [caller, callee], 'canceled');
    }
  }
}

async function playAnswered(stage: Stage, caller: Person, callee: Person): Promise<void> {
  const callID = await connect(stage, caller, callee);
  await sleep(stage.plan.talkMs);
  await (stage.plan.hangsUp === 'caller' ? caller : callee).service.hangUp();
  await bothEnd(callID, [caller, callee], 'hung-up');
}

/** Whoever does not come is waited for; then all talk, and leave one by one. */
async function playGroup(stage: Stage, caller: Person, invitees: readonly Person[]): Promise<void> {
  const { plan, tally } = stage;
  // So long that nobody who is to answer is late, however slowly the first rings.
  const { callID, rangMs } = await ring(stage, caller, invitees);
  const timeoutMs = plan.timeoutSeconds * 1_000;
  const reacted = invitees.map(async (invitee, index) => {
    const reaction = plan.reactions[index];
    if (reaction === 'nothing') return invitee.untilEnd(callID, ['timeout'], timeoutMs + GRACE_MS);
    await sleep(plan.afterMs[index]);
    if (reaction === 'decline') {
      await invitee.service.decline();
      return invitee.untilEnd(callID, ['declined']);
    }
    const acceptedAt = performance.now();
    await invitee.service.accept();
    await Promise.all([caller.until(callID, 'active'), invitee.until(callID, 'active')]);
    const acceptMs = performance.now() - acceptedAt;
    tally.counts.latencies.accepts.push(acceptMs);
    tally.counts.latencies.setUps.push((rangMs[index] ?? 0) + acceptMs);
  });
  await Promise.all(reacted);
  await sleep(plan.talkMs);
  const members = [caller, ...invitees.filter((_, index) => plan.reactions[index] === 'accept')];
  for (const member of members) await member.service.hangUp();
  await Promise.all(members.map((member) => member.untilEnd(callID, GROUP_ENDS)));
}

/** The third one rings, who talks to somebody. */
async function playBusy(stage: Stage, caller: Person, callee: Person): Promise<void> {
  const other = stage.people[2];
  if (!other) throw new Error('Somebody must keep the callee busy.');
  const talk = await connect(stage, other, callee);
  const callID = randomUUID();
  const ended = caller.untilEnd(callID, ['busy']);
  await Promise.all([ended, invite(stage, caller, callID, [callee.userID])]);
  // That call goes on as if nothing had been.
  await callee.until(talk, 'active');
  await other.service.hangUp();
  await bothEnd(talk, [other, callee], 'hung-up');
}

/** Rings nowhere until its time is over. The callee hears of it later. */
async function playOffline(stage: Stage, caller: Person): Promise<void> {
  const callID = randomUUID();
  const { absent, plan } = stage;
  await invite(stage, caller, callID, [absent.userID]);
  await caller.untilEnd(callID, ['unreachable'], plan.timeoutSeconds * 1_000 + GRACE_MS);
  const back = await absent.signIn();
  try {
    await back.untilMissed(callID);
  } finally {
    back.signOut();
  }
}

/** @returns the call in which both are now */
async function connect(stage: Stage, caller: Person, callee: Person): Promise<string> {
  const { plan, tally } = stage;
  const { callID, rangMs } = await ring(stage, caller, [callee]);
  await sleep(plan.afterMs[0]);
  const acceptedAt = performance.now();
  await callee.service.accept();
  await Promise.all([caller.until(callID, 'active'), callee.until(callID, 'active')]);
  const acceptMs = performance.now() - acceptedAt;
  tally.counts.latencies.accepts.push(acceptMs);
  tally.counts.latencies.setUps.push((rangMs[0] ?? 0) + acceptMs);
  return callID;
}

/** Calls, and waits until it rings everywhere. */
async function ring(
  stage: Stage,
  caller: Person,
  invitees: readonly Person[],
): Promise<{ readonly callID: string; readonly rangMs: readonly number[] }> {
  const callID = randomUUID();
  const sentAt = performance.now();
  const rings = invitees.map(async (invitee) => {
    await invitee.until(callID, 'incoming');
    const rangMs = performance.now() - sentAt;
    stage.tally.counts.latencies.rings.push(rangMs);
    return rangMs;
  });
  const users = invitees.map(({ userID }) => userID);
  const [, ...rangMs] = await Promise.all([invite(stage, caller, callID, users), ...rings]);
  return { callID, rangMs };
}

async function invite(
  { plan }: Stage,
  caller: Person,
  callID: string,
  invitees: readonly string[],
): Promise<void> {
  const { callType } = plan;
  // Where somebody answers, the time-out is nobody's business.
  const timeoutSeconds =
    plan.outcome === 'unanswered' || plan.outcome === 'offline' || plan.outcome === 'group'
      ? plan.timeoutSeconds
      : 60;
  await caller.service.send({ invitees, callType, callID, timeoutSeconds });
}

async function bothEnd(
  callID: string,
  people: readonly Person[],
  reason: EndReason,
  afterMs = 0,
): Promise<void> {
  await Promise.all(people.map((one) => one.untilEnd(callID, [reason], afterMs + GRACE_MS)));
}
