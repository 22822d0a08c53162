import type { Effect, MachineState, SavedCall } from '../../src/core/machine/types.js';
import type { MachineSnapshot } from '../../src/core/machine/snapshot-types.js';
import type { CallUser } from '../../src/core/protocol/vocabulary.js';
import type { EventInput } from '../../src/core/machine/events.js';
import type { Page } from './device.js';
import { pick, random, seedOf, type Random } from './random.js';
import { LIARS, USERS, type Button, type HoldButton, type Schedule } from './schedule.js';
import { nameOf } from './server-model.js';
import type { GroundTruth } from './ground-truth.js';
import type { EventLoop } from './event-loop.js';

type Callback = Extract<Effect, { type: 'callback' }>;

/** Call IDs start with one of these letters, so that each side of a glare may have the lower one. */
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Callbacks that report the end of a one-to-one call. Placing a call inside them must work. */
const END_CALLBACKS: readonly string[] = [
  'onOutgoingCallDeclined',
  'onOutgoingCallRejectedCauseBusy',
  'onOutgoingCallTimeout',
  'onIncomingCallCanceled',
];

/** The name of a request that must be rejected. */
export const REUSED_CALL_ID = 'send with a known callID';
/** The name of a request that must succeed: an active call is shown, with users who are not in it. */
export const INVITE = 'invite';
/** The name of a request that succeeds if this page is in the call, before the callID. */
export const JOIN = 'join ';

/** States of members who are in the call or still invited. */
const IN_OR_INVITED = /^(inviting|ringing|unreachable|accepted|reconnecting)$/;

/** Whether nothing rings or runs on this page or another page of the browser. */
const isFree = ({ screen, state }: Page): boolean =>
  (screen.status === 'idle' || screen.status === 'ended' || mayConsult(state, screen)) &&
  state.busyInOtherTab === undefined;

/** Whether all calls of this page are on hold, and it may be in one more. */
function mayConsult({ calls, waiting }: MachineState, { onHold }: MachineSnapshot): boolean {
  const running = [...calls.values()].filter(({ phase }) =>
    /^(in|accepting|incoming)$/.test(phase),
  );
  return onHold === true && waiting === undefined && running.length < 4;
}

/** Whether this page is in a call on hold with one of these users. */
const isOnHoldWith = ({ state }: Page, users: readonly string[]): boolean =>
  [...state.calls.values()].some(
    ({ holdNumber, members }) =>
      holdNumber !== undefined && users.some((user) => members.get(user)?.record.state === 'in'),
  );

/**
 * The users: they press buttons that are shown, and answer calls that ring. Their presses are recorded as the ground
 * truth.
 */
export class SimulatedUsers {
  readonly #loop: EventLoop;
  readonly #truth: GroundTruth;
  readonly #schedule: Schedule;
  readonly #users: readonly string[];
  #calls = 0;
  sends = 0;

  constructor(loop: EventLoop, truth: GroundTruth, schedule: Schedule) {
    this.#loop = loop;
    this.#truth = truth;
    this.#schedule = schedule;
    this.#users = [...USERS, ...LIARS].filter((user) =>
      schedule.phones.some((phone) => phone.user === user),
    );
  }

  /** At an incoming call, accepts, declines, or waits. After a rejected call, may call again immediately. */
  react(page: Page, callback: Callback): void {
    const draw = random(
      seedOf('reaction', this.#schedule.networkSeed, page.device, callback.callID, callback.name),
    );
    if (callback.name === 'onIncomingCallReceived') this.#answer(page, callback.callID, draw);
    else if (END_CALLBACKS.includes(callback.name) && draw() < 0.05) {
      const call = this.#truth.calls.get(callback.callID);
      if (call?.group !== false) return;
      const to = call.sender.user === page.user ? call.invitees : [call.sender.user];
      this.#loop.after(0, () => this.send(page, to, false));
    }
  }

  #answer(page: Page, callID: string, draw: Random): void {
    const { timeoutMs } = this.#schedule;
    const choice = draw();
    const late = draw() < 0.3;
    const wait = late ? timeoutMs * (0.85 + draw() * 0.15) : 300 + draw() * timeoutMs * 0.8;
    const button = choice < 0.5 ? 'accept' : choice < 0.65 ? 'decline' : undefined;
    if (!button) return;
    this.#loop.after(wait, () => {
      if (!page.alive) return;
      const rings = page.screen.status === 'incoming' && page.screen.callID === callID;
      if (rings || page.state.waiting === callID) this.press(page, button);
    });
  }

  /** Presses a button that is shown. */
  act(page: Page, luck: number): void {
    const draw = random(Math.floor(luck * 1e9));
    const choice = draw();
    const { status, members } = page.screen;
    switch (status) {
      case 'idle':
      case 'ended':
        if (choice < 0.85) return this.send(page, this.#some(page, draw), draw() < 0.5);
        return this.join(page);
      case 'incoming':
        return this.press(page, choice < 0.7 ? 'accept' : 'decline');
      case 'calling':
      case 'ringing-out':
        return choice < 0.4 ? this.press(page, 'cancel') : undefined;
      case 'connecting':
        return choice < 0.3 ? this.press(page, 'hang-up') : undefined;
      case 'active':
      case 'reconnecting': {
        if (choice < 0.35 && this.#users.length > 2)
          return this.invite(page, this.#some(page, draw));
        const waiting = members.filter(({ state }) => state === 'inviting' || state === 'ringing');
        const first = waiting[0];
        if (choice < 0.5 && first) return this.cancelInvitee(page, first.userID);
        return this.press(page, 'hang-up');
      }
    }
  }

  send(page: Page, to: readonly string[], video: boolean): void {
    const invitees = this.#usersOf(page, to);
    if (!page.alive || !invitees.length || !isFree(page) || isOnHoldWith(page, to)) return;
    if (this.#reuse(page, invitees)) return;
    const number = ++this.#calls;
    const letter = pick(random(seedOf('call', this.#schedule.networkSeed, number)), LETTERS);
    const callID = `${letter}${number}`;
    this.#note(page, `sends ${callID} to ${to.join()}`);
    this.#truth.sent(callID, page, to);
    this.sends++;
    page.feed({
      type: 'user.send',
      request: page.request(`send ${callID}`),
      callID,
      callType: video ? 'video' : 'voice',
      invitees,
      customData: '',
      timeoutMs: this.#schedule.timeoutMs,
      endWithInitiator: this.#schedule.endWithInitiator,
    });
  }

  /** Sometimes sends a call with a known call ID, which must be rejected. */
  #reuse(page: Page, invitees: readonly CallUser[]): boolean {
    // Without the calls that an attacker has invented, because a page would not use their IDs.
    const calls = [...page.state.calls.values()].filter(
      ({ phase }) => !this.#schedule.liar || phase !== 'early',
    );
    const known = calls.at(-1)?.id;
    const draw = random(seedOf('reuse', this.#schedule.networkSeed, page.device, this.#calls));
    if (known === undefined || draw() > 0.03) return false;
    page.feed({
      ...{
        type: 'user.send',
        request: page.request(REUSED_CALL_ID),
        callID: known,
        callType: 'voice',
      },
      ...{ invitees, customData: '', timeoutMs: 10_000, endWithInitiator: false },
    });
    return true;
  }

  press(page: Page, button: Button): void {
    this.#note(page, `presses ${button}`);
    const { status, callID } = page.screen;
    const { waiting } = page.state;
    const { phase, members } = page.state.calls.get(callID) ?? {};
    const round = members?.get(page.user)?.record.round ?? 1;
    const request = page.request(button);
    if (waiting !== undefined && (button === 'accept' || button === 'decline')) {
      const own = page.state.calls.get(waiting)?.members.get(page.user);
      this.#truth.pressed(waiting, own?.record.round ?? 1, page, button);
    }
    const event: EventInput =
      button === 'hang-up'
        ? { type: 'user.hang-up', request }
        : { type: `user.${button}`, request, customData: '' };
    if (status === 'incoming' && button !== 'cancel') {
      this.#truth.pressed(callID, round, page, button === 'hang-up' ? 'decline' : button);
    } else if (button === 'hang-up') this.#hungUpConnecting(page, callID);
    if (phase === 'in' && (button === 'hang-up' || button === 'cancel')) this.hungUp(page, callID);
    page.feed(event);
  }

  /** Presses a button for several calls. */
  hold(page: Page, button: HoldButton): void {
    if (!page.alive) return;
    this.#note(page, `presses ${button}`);
    if (button !== 'accept-and-end') {
      page.feed({ type: `user.${button}`, request: page.request(button) });
      return;
    }
    const { waiting, calls } = page.state;
    if (waiting === undefined) return;
    const round = calls.get(waiting)?.members.get(page.user)?.record.round ?? 1;
    this.#truth.pressed(waiting, round, page, 'accept');
    this.hungUp(page, page.screen.callID);
    const request = page.request(button);
    page.feed({ type: 'user.accept', request, customData: '', current: 'end' });
  }

  /** The page is closed: its user leaves all its calls. */
  closed(page: Page): void {
    for (const { id, holdNumber } of page.state.calls.values())
      if (holdNumber !== undefined) this.hungUp(page, id);
    this.#hungUpConnecting(page, page.screen.callID);
    this.hungUp(page, page.screen.callID);
  }

  /** Hanging up while connecting declines the invitation. A join answers no invitation that is over, so there is none. */
  #hungUpConnecting(page: Page, callID: string): void {
    const { phase, members, joining } = page.state.calls.get(callID) ?? {};
    if (phase !== 'accepting') return;
    const { round = 1, state = 'inviting' } = members?.get(page.user)?.record ?? {};
    const isOpen = state === 'inviting' || state === 'ringing';
    if (isOpen || !joining) this.#truth.pressed(callID, round, page, 'hang-up');
    else this.#truth.calls.get(callID)?.hungUp.add(page);
  }

  /** This page leaves the call by an action of its user. */
  hungUp(page: Page, callID: string): void {
    const call = this.#truth.calls.get(callID);
    call?.hungUp.add(page);
    if (page.state.calls.get(callID)?.phase === 'accepting') call?.declinedOn.set(page, 'hang-up');
  }

  invite(page: Page, users: readonly string[]): void {
    const { members, status, callID } = page.screen;
    if (status !== 'active' && status !== 'reconnecting') return;
    const there = members
      .filter(({ state }) => IN_OR_INVITED.test(state))
      .map(({ userID }) => userID);
    const invitees = this.#usersOf(
      page,
      users.filter((user) => !there.includes(user) && !isOnHoldWith(page, [user])),
    );
    if (!invitees.length) return;
    this.#note(page, `invites ${users.join()}`);
    const call = this.#truth.calls.get(callID);
    if (call) call.group = true;
    this.#truth.invitedInto(page, callID);
    const request = page.request(INVITE);
    page.feed({ type: 'user.invite', request, invitees, timeoutMs: this.#schedule.timeoutMs });
  }

  /** Adds the user of the call on hold to the running one. */
  merge(page: Page): void {
    this.#note(page, 'merges');
    const { callID } = page.screen;
    const { timeoutMs } = this.#schedule;
    page.feed({ type: 'user.merge', request: page.request('merge'), timeoutMs });
    this.#hasMoreMembers(page, callID);
  }

  /** Another user takes the place of this one. */
  transfer(page: Page, user: string): void {
    const [target] = this.#usersOf(page, [user]);
    if (!target) return;
    this.#note(page, `transfers to ${user}`);
    const { callID } = page.screen;
    const { timeoutMs } = this.#schedule;
    const request = page.request('transfer');
    page.feed({ type: 'user.transfer', request, target, reason: 'why', timeoutMs });
    this.#hasMoreMembers(page, callID);
  }

  /** Whoever was invited to a call is one of its members, also if the server rejects the invitation. */
  #hasMoreMembers(page: Page, callID: string): void {
    const call = this.#truth.calls.get(callID);
    if (call && (page.state.calls.get(callID)?.members.size ?? 0) > 2) call.group = true;
  }

  cancelInvitee(page: Page, userID: string): void {
    const { status, callID, group } = page.screen;
    if (status === 'idle') return;
    this.#note(page, `cancels the invitation of ${userID}`);
    if (!group) this.hungUp(page, callID);
    const request = page.request('cancel-invitees');
    page.feed({ type: 'user.cancel-invitees', request, userIDs: [userID], customData: '' });
  }

  /** Joins the last group call that is over on this page, like a click on a missed call. */
  join(page: Page): void {
    if (!isFree(page)) return;
    const over = [...page.state.calls.values()].filter(
      ({ phase, group }) => phase === 'over' && group,
    );
    const last = over.at(-1);
    if (!last || !page.state.online) return;
    this.#note(page, `joins ${last.id}`);
    const call = this.#truth.calls.get(last.id);
    call?.joins.set(page, (call.joins.get(page) ?? 0) + 1);
    call?.answeredOn.add(page);
    page.feed({ type: 'user.join', request: page.request(`${JOIN}${last.id}`), callID: last.id });
    const round = page.state.calls.get(last.id)?.joining?.round;
    if (round !== undefined) this.#truth.pressed(last.id, round, page, 'join');
  }

  /** The page was reloaded and resumes its call without a user action. */
  resume(page: Page, saved: SavedCall): void {
    this.#note(page, `resumes ${saved.id}`);
    const call = this.#truth.calls.get(saved.id);
    call?.answeredOn.add(page);
    page.feed({ type: 'user.resume', saved });
    const round = page.state.calls.get(saved.id)?.joining?.round;
    if (round !== undefined) this.#truth.pressed(saved.id, round, page, 'join');
  }

  #some(page: Page, draw: Random): string[] {
    const others = this.#users.filter((user) => user !== page.user);
    const chosen = others.filter(() => draw() < 0.5);
    return chosen.length ? chosen : [pick(draw, others)];
  }

  #usersOf(page: Page, users: readonly string[]): CallUser[] {
    return users
      .filter((user) => user !== page.user)
      .map((userID) => ({ userID, userName: nameOf(userID) }));
  }

  #note(page: Page, text: string): void {
    this.#loop.note(() => `${page.device} ${text}`);
  }
}
