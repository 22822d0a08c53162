import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndReason } from '../src/core/index.js';
import type { Plan } from './mix.js';
import type { Person } from './person.js';
import type { Tally } from './tally.js';

/** How long the end of a call may take to show, in addition to the times of users, in ms. */
const GRACE_MS = 15_000;
/** A member who leaves while others leave may see that the others have left first. */
const GROUP_ENDS: readonly EndReason[] = ['hung-up', 'everyone-left'];

interface Scene {
  readonly plan: Plan;
  readonly tally: Tally;
  /** The users of the plan, the caller first. */
  readonly people: readonly Person[];
  /** A user who is not signed in, and can sign in. */
  readonly absent: { readonly userID: string; signIn(): Promise<Person> };
}

/**
 * Performs one call, from its invitation to its end.
 * @throws {Unexpected} if it has another outcome than planned
 * @throws {CallError} if a command fails
 */
export async function play(scene: Scene): Promise<void> {
  const [caller, callee] = scene.people;
  if (!caller) throw new Error('A plan needs a caller.');
  if (scene.plan.outcome === 'offline') return playOffline(scene, caller);
  if (!callee) throw new Error('A plan needs a callee.');
  switch (scene.plan.outcome) {
    case 'answered':
      return playAnswered(scene, caller, callee);
    case 'group':
      return playGroup(scene, caller, scene.people.slice(1));
    case 'busy':
      return playBusy(scene, caller, callee);
    case 'unanswered': {
      const { callID } = await ring(scene, caller, [callee]);
      return bothEnd(callID, [caller, callee], 'timeout', scene.plan.timeoutSeconds * 1_000);
    }
    case 'declined': {
      const { callID } = await ring(scene, caller, [callee]);
      await sleep(scene.plan.afterMs[0]);
      await callee.service.decline();
      return bothEnd(callID, [caller, callee], 'declined');
    }
    case 'canceled': {
      const { callID } = await ring(scene, caller, [callee]);
      await sleep(scene.plan.afterMs[0]);
      await caller.service.cancel();
      return bothEnd(callID, [caller, callee], 'canceled');
    }
  }
}

async function playAnswered(scene: Scene, caller: Person, callee: Person): Promise<void> {
  const callID = await connect(scene, caller, callee);
  await sleep(scene.plan.talkMs);
  await (scene.plan.hangsUp === 'caller' ? caller : callee).service.hangUp();
  await bothEnd(callID, [caller, callee], 'hung-up');
}

/** Waits until the invitations of absent invitees time out; then the others talk, and leave one by one. */
async function playGroup(scene: Scene, caller: Person, invitees: readonly Person[]): Promise<void> {
  const { plan, tally } = scene;
  // The time-out is long enough that no invitee who answers is late, even if the first one rings slowly.
  const { callID, rangMs } = await ring(scene, caller, invitees);
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

/** A third user calls the callee, who is in a call with another user. */
async function playBusy(scene: Scene, caller: Person, callee: Person): Promise<void> {
  const other = scene.people[2];
  if (!other) throw new Error('A busy call needs a third user.');
  const talk = await connect(scene, other, callee);
  const callID = randomUUID();
  const ended = caller.untilEnd(callID, ['busy']);
  await Promise.all([ended, invite(scene, caller, callID, [callee.userID])]);
  // The running call is not affected.
  await callee.until(talk, 'active');
  await other.service.hangUp();
  await bothEnd(talk, [other, callee], 'hung-up');
}

/** The invitation reaches no device and times out. The callee signs in later, and gets a missed call. */
async function playOffline(scene: Scene, caller: Person): Promise<void> {
  const callID = randomUUID();
  const { absent, plan } = scene;
  await invite(scene, caller, callID, [absent.userID]);
  await caller.untilEnd(callID, ['unreachable'], plan.timeoutSeconds * 1_000 + GRACE_MS);
  const back = await absent.signIn();
  try {
    await back.untilMissed(callID);
  } finally {
    back.signOut();
  }
}

/** Connects a call. @returns its ID */
async function connect(scene: Scene, caller: Person, callee: Person): Promise<string> {
  const { plan, tally } = scene;
  const { callID, rangMs } = await ring(scene, caller, [callee]);
  await sleep(plan.afterMs[0]);
  const acceptedAt = performance.now();
  await callee.service.accept();
  await Promise.all([caller.until(callID, 'active'), callee.until(callID, 'active')]);
  const acceptMs = performance.now() - acceptedAt;
  tally.counts.latencies.accepts.push(acceptMs);
  tally.counts.latencies.setUps.push((rangMs[0] ?? 0) + acceptMs);
  return callID;
}

/** Places a call, and waits until it rings for all invitees. */
async function ring(
  scene: Scene,
  caller: Person,
  invitees: readonly Person[],
): Promise<{ readonly callID: string; readonly rangMs: readonly number[] }> {
  const callID = randomUUID();
  const sentAt = performance.now();
  const rings = invitees.map(async (invitee) => {
    await invitee.until(callID, 'incoming');
    const rangMs = performance.now() - sentAt;
    scene.tally.counts.latencies.rings.push(rangMs);
    return rangMs;
  });
  const users = invitees.map(({ userID }) => userID);
  const [, ...rangMs] = await Promise.all([invite(scene, caller, callID, users), ...rings]);
  return { callID, rangMs };
}

async function invite(
  { plan }: Scene,
  caller: Person,
  callID: string,
  invitees: readonly string[],
): Promise<void> {
  const { callType } = plan;
  // For other outcomes, use a time-out that does not interfere.
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
