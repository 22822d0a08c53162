import type { MachineEvent } from '../../src/core/machine/events.js';
import type { Effect, MachineState } from '../../src/core/machine/types.js';
import { isPending } from '../../src/core/machine/record-order.js';
import type { Delivered, ForeignInvite } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import { STRANGER } from './forger.js';
import type { Scene } from './invariants.js';
import { connectedForMs, pagesIn, phaseOf } from './presence.js';

type Callback = Extract<Effect, { type: 'callback' }>;

/** Callbacks that report the result of one callee's invitation: one of them for each round. */
const OUTCOMES: readonly string[] = [
  'onOutgoingCallAccepted',
  'onOutgoingCallDeclined',
  'onOutgoingCallRejectedCauseBusy',
  'onOutgoingCallTimeout',
];
/** Maximum time after the last member has left in which an invitation may still begin to ring, in ms. */
const STALE_RING_MS = 14_000;
/** After ringing for this time, the caller has received that a device rings, in ms. */
const RINGING_RECEIVED_MS = 2_000;

/** Minimum ring time before the own timer ends an invitation, in ms. */
const SHORTEST_RING_MS = 2_900;

class Memory {
  /** Callbacks that this page has emitted, as `name callID …`. */
  readonly emitted = new Set<string>();
  readonly states = new Map<string, string>();
  /** The last outcome of each callee, as `callID callee`: the state before it, and the round that it was counted for. */
  readonly outcomes = new Map<string, { name: string; key: string; before: MachineState }>();
  /** When each invitation began to ring on this page. */
  readonly received = new Map<string, number>();
  readonly stopped = new Set<string>();
  /** Invitations that are answered or decided according to received messages. */
  readonly answered = new Set<string>();
  /** Calls that did not ring on this page because of do-not-disturb. */
  readonly silenced = new Set<string>();
}

/** Checks of every callback on every page. */
export class CallbackChecks {
  rings = 0;
  readonly #scene: Scene;
  readonly #memories = new WeakMap<Page, Memory>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Whether this page has emitted this callback about this call. */
  hasEmitted(page: Page, name: string, callID: string): boolean {
    return [...this.#memory(page).emitted].some((key) => key.startsWith(`${name} ${callID} `));
  }

  /** When this invitation began to ring on this page. */
  rangAt(page: Page, callID: string, round: number): number | undefined {
    return this.#memory(page).received.get(`${callID} ${round}`);
  }

  check(page: Page, callback: Callback, before: MachineState, event: MachineEvent): void {
    switch (callback.name) {
      case 'onHeldCallEnded':
      case 'onCallTransferStarted':
      case 'onCallTransferred':
      case 'onCallTransferFailed':
        return;
      case 'onCallReplaced':
        // Once for each invitation: the former call continues if that one is cancelled, and may be replaced again.
        this.#once(
          page,
          `${callback.name} ${callback.callID} ${this.#roundOf(page, callback.callID, page.user)}`,
        );
        return this.joined(page, callback.callID);
      case 'onIncomingCallReceived':
        return this.#received(page, callback.callID, callback.args[1].userID, before);
      case 'onIncomingCallCanceled':
      case 'onIncomingCallTimeout':
        return this.#stopped(page, callback, before, event);
      case 'onOutgoingCallSent':
        return this.#sent(page, callback.callID);
      case 'onOutgoingCallAccepted':
      case 'onOutgoingCallDeclined':
      case 'onOutgoingCallRejectedCauseBusy':
        return this.#outcome(page, callback, callback.args[1].userID, before);
      case 'onOutgoingCallTimeout':
        for (const callee of callback.args[1]) {
          this.#outcome(page, callback, callee.userID, before);
        }
        return;
      case 'onIncomingCallAcceptButtonPressed':
      case 'onIncomingCallDeclineButtonPressed':
      case 'onOutgoingCallCancelButtonPressed':
        return this.#pressed(page, callback, before, event);
      case 'onInvitationUserStateChanged':
        for (const { userID, state } of callback.args[0]) {
          this.#state(page, callback.callID, userID, state);
        }
    }
  }

  /** Records received answers and ends: these invitations must not ring on this page any more. */
  noteMessage(page: Page, message: Delivered | ForeignInvite): void {
    const { type, callID } = message;
    const sibling = message.from.userID === page.user;
    const answers =
      (type === 'accept' && !message.join) || (type === 'decline' && message.reason === 'declined');
    if (sibling && answers) {
      this.#memory(page).answered.add(`${callID} ${message.round}`);
      const call = page.state.calls.get(callID);
      if (call?.phase === 'incoming' && call.round <= message.round) {
        this.#violate('sibling-rings-on', page, callID);
      }
    }
    if (message.from.userID === STRANGER.userID || this.#scene.lies.has(message)) return;
    const decides = type === 'select' || type === 'cancel';
    if (!decides || message.user !== page.user) return;
    const phase = phaseOf(page, callID) ?? 'early';
    const mayBeIn = mayCountAsIn(page, callID, message.from.userID);
    for (const { user, round, inviter } of message.records) {
      // A page that has not received the invitation, or only one from before the sender came in, knows no other coordinator
      // than its inviter. Another one can't prove that it coordinates the invitation, and is asked.
      const isProved = (phase !== 'early' && mayBeIn) || inviter === message.from.userID;
      if (user === page.user && isProved) this.#memory(page).answered.add(`${callID} ${round}`);
    }
  }

  /** This page has responded busy. */
  noteBusy(page: Page, callID: string): void {
    if (page.state.doNotDisturb) this.#memory(page).silenced.add(callID);
  }

  /** After a join or another invitation, the callbacks about all members are emitted again. */
  joined(page: Page, callID: string): void {
    const { states } = this.#memory(page);
    for (const key of states.keys()) if (key.startsWith(`${callID} `)) states.delete(key);
  }

  /** The own timer ended the ringing on this page. */
  ringTimer(page: Page, callID: string, round: number): void {
    const since = this.#memory(page).received.get(`${callID} ${round}`);
    const { current, waiting } = page.state;
    if (since === undefined || current === callID || waiting === callID) return;
    const rang = this.#scene.loop.now - since;
    if (rang < SHORTEST_RING_MS) this.#violate('rings-a-moment', page, `${callID} ${rang}`);
  }

  #memory(page: Page): Memory {
    const memory = this.#memories.get(page) ?? new Memory();
    this.#memories.set(page, memory);
    return memory;
  }

  #violate(kind: string, page: Page, detail: string): void {
    this.#scene.loop.violate(kind, `${page.device} ${detail}`);
  }

  #once(page: Page, key: string): void {
    const { emitted } = this.#memory(page);
    if (emitted.has(key)) this.#violate('callback-twice', page, key);
    emitted.add(key);
  }

  #roundOf(page: Page, callID: string, user: string): number {
    return roundIn(page.state, page, callID, user);
  }

  #received(page: Page, callID: string, caller: string, before: MachineState): void {
    const { loop, truth, mute, disturbed } = this.#scene;
    const key = `${callID} ${this.#roundOf(page, callID, page.user)}`;
    this.#once(page, `onIncomingCallReceived ${key}`);
    this.rings++;
    this.joined(page, callID);
    const memory = this.#memory(page);
    memory.received.set(key, loop.now);
    if (!page.connection || page.syncedOver !== page.connection) {
      this.#violate('rings-before-synced', page, key);
    }
    if (memory.answered.has(key)) this.#violate('rings-though-answered', page, key);
    if (memory.stopped.has(key)) this.#violate('rings-after-its-end', page, key);
    const isTalking = page.state.calls.get(before.current ?? '')?.phase === 'in';
    if (isTalking && !before.callWaiting) {
      this.#violate('rings-in-a-call', page, `${key} while in ${before.current}`);
    }
    if (page.state.busyInOtherTab !== undefined && page.state.busyInOtherTab !== callID) {
      this.#violate(
        'rings-while-in-a-call-elsewhere',
        page,
        `${key}, ${page.state.busyInOtherTab}`,
      );
    }
    for (const [device, { callIDs }] of page.state.otherDevices)
      if (callIDs.some((other) => other !== callID))
        this.#violate('rings-while-in-a-call-elsewhere', page, `${key}, ${device}`);
    if (before.doNotDisturb) this.#violate('rings-though-quiet', page, key);
    const call = truth.calls.get(callID);
    // The cancellation was lost with a connection: a server that does not notice lost devices keeps the invitation open, and
    // replays it. The device rings until it has asked the members.
    const { trustedUntil = 0 } = page.state.calls.get(callID) ?? {};
    const isKeptOpen = mute && disturbed && loop.now < trustedUntil;
    const isEmpty = call && !pagesIn(this.#scene, callID).length;
    if (isEmpty && !isKeptOpen && loop.now - call.lastIn > STALE_RING_MS) {
      this.#violate('ghost-ring', page, `${callID}: no member is in since ${call.lastIn}`);
    }
    for (const own of page.state.calls.values()) {
      const mine = own.id !== callID && own.phase === 'in' && own.initiator === page.user;
      if (mine && !own.hadPeer && !own.group && own.members.has(caller)) {
        this.#violate('glare-incoming', page, `${callID} while calling in ${own.id}`);
      }
    }
  }

  #stopped(
    page: Page,
    { name, callID }: Callback,
    before: MachineState,
    event: MachineEvent,
  ): void {
    const memory = this.#memory(page);
    // The deferred invitation of the next round may begin to ring in the same transition.
    const now = this.#roundOf(page, callID, page.user);
    const round = before.calls.get(callID)?.round ?? now;
    const key = `${callID} ${round}`;
    this.#once(page, `${name} ${key}`);
    memory.stopped.add(key);
    const other =
      name === 'onIncomingCallTimeout' ? 'onIncomingCallCanceled' : 'onIncomingCallTimeout';
    if (memory.emitted.has(`${other} ${key}`)) this.#violate('canceled-and-timeout', page, key);
    if (page.state.current === callID && round === now)
      this.#violate('callback-before-its-end', page, `${name} ${key}`);
    const late = name === 'onIncomingCallTimeout' && event.type !== 'transport.message';
    // No callback repeats an invitation that continues to ring in a later round.
    const rang = [...memory.received.keys()].some((each) => each.startsWith(`${callID} `));
    if (!rang && !late) this.#violate('stops-what-never-rang', page, `${name} ${key}`);
    const declined = this.#scene.truth.calls
      .get(callID)
      ?.presses.get(key.replace(callID, page.user));
    if (declined?.page === page && declined.how === 'decline') {
      this.#violate('stopped-though-declined', page, `${name} ${key}`);
    }
  }

  /**
   * Accepted, declined, busy or timed out: exactly one of them for each round, as long as this user stays in the call. A
   * user who has left and comes back may invite another one again whom they do not know to be in.
   */
  #outcome(page: Page, { name, callID }: Callback, callee: string, before: MachineState): void {
    const { loop, truth } = this.#scene;
    const round = this.#roundOf(page, callID, callee);
    this.#countForFormerRound(page, callID, callee, before);
    const key = this.#outcomeKey(page.state, page, callID, callee);
    this.#once(page, `${name} ${key}`);
    this.#onlyOutcome(page, key, name);
    this.#memory(page).outcomes.set(`${callID} ${callee}`, { name, key, before });
    const call = truth.calls.get(callID);
    // A rejected invitation to a call of two makes it a group on the page that has invited, and nowhere else.
    const isGroup = call?.group === true || page.state.calls.get(callID)?.group === true;
    if (name !== 'onOutgoingCallAccepted' && call && !isGroup && page.state.current === callID) {
      this.#violate('callback-before-its-end', page, `${name} ${callID}`);
    }
    if (name !== 'onOutgoingCallRejectedCauseBusy') return;
    this.#glareBusy(page, callID, callee, before);
    for (const other of this.#scene.pages()) {
      if (other.user !== callee) continue;
      const since = this.#memory(other).received.get(`${callID} ${round}`) ?? Infinity;
      const rings = phaseOf(other, callID) === 'incoming' && since < loop.now - RINGING_RECEIVED_MS;
      if (rings && !this.#scene.slow && connectedForMs(other, loop.now) > RINGING_RECEIVED_MS) {
        this.#violate('busy-though-ringing', page, `${callID} ${other.device}`);
      }
    }
  }

  #outcomeKey(state: MachineState, page: Page, callID: string, callee: string): string {
    const [round, own] = [callee, page.user].map((user) => roundIn(state, page, callID, user));
    return `${callID} ${callee} ${round} (${own})`;
  }

  /** No other outcome of this invitation was reported before. */
  #onlyOutcome(page: Page, key: string, name: string): void {
    const { emitted } = this.#memory(page);
    for (const other of OUTCOMES)
      if (other !== name && emitted.has(`${other} ${key}`))
        this.#violate('two-outcomes', page, `${key}: ${other}, then ${name}`);
  }

  /**
   * The end of an open invitation and the answer to a later one, or a join, may be learned at once. Both are reported, and the
   * first outcome is that of the former round.
   */
  #countForFormerRound(page: Page, callID: string, callee: string, before: MachineState): void {
    const { emitted, outcomes } = this.#memory(page);
    const first = outcomes.get(`${callID} ${callee}`);
    const known = before.calls.get(callID)?.members.get(callee)?.record;
    if (first?.before !== before || !known || !isPending(known)) return;
    if (known.round >= this.#roundOf(page, callID, callee)) return;
    emitted.delete(`${first.name} ${first.key}`);
    const key = this.#outcomeKey(before, page, callID, callee);
    this.#once(page, `${first.name} ${key}`);
    this.#onlyOutcome(page, key, first.name);
  }

  /** With one phone each, a user is not busy for the user whom they are calling. */
  #glareBusy(page: Page, callID: string, callee: string, before: MachineState): void {
    if (this.#scene.phones > 2) return;
    const isSilenced = this.#scene
      .pages()
      .some((other) => other.user === callee && this.#memory(other).silenced.has(callID));
    // A caller has left all other calls, and reports that first.
    if (!this.#scene.faults && !isSilenced)
      this.#violate('busy-with-oneself', page, `${callID} ${callee}`);
    const knew = this.#scene
      .pages()
      .some(
        (other) =>
          other.user === callee && other.state.calls.get(callID)?.unansweredReason === 'busy',
      );
    for (const theirs of before.calls.values()) {
      const held = theirs.phase === 'silent' || theirs.phase === 'held';
      // A user who was busy when the call arrived, and calls back later, causes no glare.
      const isOpen = this.#scene
        .pages()
        .some((other) => other.user === callee && other.state.calls.has(theirs.id));
      if (held && theirs.caller === callee && isOpen && !knew) {
        this.#violate('glare-busy', page, `${callID} ${callee}, who calls in ${theirs.id}`);
      }
    }
  }

  #sent(page: Page, callID: string): void {
    this.#once(page, `onOutgoingCallSent ${callID}`);
    if (this.#scene.truth.calls.get(callID)?.sender !== page)
      this.#violate('sent-by-another', page, callID);
  }

  #pressed(
    page: Page,
    { name, callID }: Callback,
    before: MachineState,
    event: MachineEvent,
  ): void {
    this.#once(page, `${name} ${callID} ${this.#roundOf(page, callID, page.user)}`);
    const phase = before.calls.get(callID)?.phase;
    const fits: Record<string, boolean> = {
      onOutgoingCallCancelButtonPressed:
        phase === 'in' &&
        ['user.cancel', 'user.hang-up', 'user.cancel-invitees'].includes(event.type),
      onIncomingCallAcceptButtonPressed: phase === 'incoming' && event.type === 'user.accept',
      onIncomingCallDeclineButtonPressed:
        phase === 'incoming' && ['user.decline', 'user.hang-up'].includes(event.type),
    };
    if (!fits[name]) this.#violate('pressed-by-nobody', page, `${name} ${callID} at ${event.type}`);
  }

  #state(page: Page, callID: string, user: string, state: string): void {
    if (user === page.user) this.#violate('state-of-oneself', page, `${callID} ${state}`);
    // If this user has invited the callee, the outcome that was reported before was wrong.
    const call = page.state.calls.get(callID);
    const isInviter = call?.members.get(user)?.record.inviter === page.user;
    if (state === 'accepted' && call?.phase === 'in' && isInviter)
      this.#onlyOutcome(
        page,
        this.#outcomeKey(page.state, page, callID, user),
        'onOutgoingCallAccepted',
      );
    const key = `${callID} ${user}`;
    // After a rejected invitation, the state in the round before it counts again, and is called again.
    const inRound = `${this.#roundOf(page, callID, user)} ${state}`;
    const { states } = this.#memory(page);
    if (states.get(key) === inRound)
      this.#violate('callback-twice', page, `state ${key} ${inRound}`);
    states.set(key, inRound);
  }
}

/** The round of a user in a call, in a state of this page. */
function roundIn({ calls }: MachineState, page: Page, callID: string, user: string): number {
  const call = calls.get(callID);
  if (user === page.user) return call?.round ?? 0;
  return call?.members.get(user)?.record.round ?? 0;
}

/** Whether a page has heard of a user in a call as more than an invited one. */
function mayCountAsIn(page: Page, callID: string, user: string): boolean {
  const call = page.state.calls.get(callID);
  const state = call?.members.get(user)?.record.state;
  const isInvited = state === 'inviting' || state === 'ringing';
  return (
    !isInvited || [...(call?.claims.values() ?? [])].some(({ record }) => record.user === user)
  );
}
