import { SYNC_PAUSE_MS } from '../../src/core/machine/durations.js';
import type { MachineEvent } from '../../src/core/machine/events.js';
import type { Call, Effect, MachineState } from '../../src/core/machine/types.js';
import type { MissedCall } from '../../src/core/machine/missed-call.js';
import { parseMessage, type Message } from '../../src/core/protocol/messages.js';
import { oneOf } from '../../src/core/protocol/one-of.js';
import type { Phase } from '../../src/core/protocol/vocabulary.js';
import { CallbackChecks } from './callbacks.js';
import type { Page, Watcher } from './device.js';
import { describeMessage } from './describe.js';
import { connectedForMs, isGone, pagesIn } from './presence.js';
import { freeze, isSame } from './purity.js';
import { INVITE, JOIN, REUSED_CALL_ID, type SimulatedUsers } from './simulated-users.js';
import type { PageEnvironment } from './device.js';
import { roundKey, type ActualCall, type GroundTruth } from './ground-truth.js';

/** Every n-th message is checked with the parser. */
const PARSE_EVERY = 16;

/** Whether a command did something, or may do so after this device connects. */
const isDone = (result: Extract<Effect, { type: 'reply' }>['result']): boolean =>
  result.ok ? result.value !== false : result.code === 'not-connected';

const isRunning = oneOf<Phase>('incoming', 'accepting', 'in');

/** Whether another page or device of this user is in another call, as this page knows. */
function isBusyElsewhere(state: MachineState, callID: string): boolean {
  const { busyInOtherTab: other, otherDevices } = state;
  const stated = [...otherDevices.values()].flatMap(({ callIDs }) => callIDs);
  return [...stated, other ?? callID].some((id) => id !== callID);
}

/** Whether a second call has to ring, because the page is in a call, and nothing else rings. */
function mustWait(state: MachineState, callID: string): boolean {
  const { calls, current } = state;
  const call = calls.get(current ?? '');
  const running = [...calls.values()].filter(({ phase }) => isRunning(phase));
  const isTalking = call?.phase === 'in' && call.hadPeer && running.length < 4;
  const isFree = state.waiting === undefined && !isBusyElsewhere(state, callID);
  const isGlare = calls.get(callID)?.glareSurvivor !== undefined;
  return state.callWaiting && !state.doNotDisturb && isTalking && isFree && !isGlare;
}

/** The recorded state of one page. */
class Memory {
  /** Calls for which this page may open media, with the call type that the user chose or agreed to. */
  readonly consents = new Map<string, 'voice' | 'video'>();
  /** Calls with open media, and those of them whose media are on hold. */
  readonly openMedia = new Set<string>();
  readonly onHold = new Set<string>();
  readonly ends = new Map<string, string>();
}

/** The parts of a simulation that its checks read. */
export interface Scene extends Omit<PageEnvironment, 'watcher' | 'network' | 'server'> {
  readonly truth: GroundTruth;
  readonly simulatedUsers: SimulatedUsers;
  /** Number of phones of all users. */
  readonly phones: number;
  /** Ring time of invitations, in ms. */
  readonly timeoutMs: number;
  /** Whether some messages take seconds. */
  readonly slow: boolean;
  /** Whether the server reports no lost devices. */
  readonly mute: boolean;
  readonly mediaFaults: boolean;
  /** Whether pages, connections, the server or media fail. */
  readonly faults: boolean;
  /** Whether connections break. */
  readonly disturbed: boolean;
  /** False messages as they were delivered. They must not decide anything. */
  readonly lies: WeakSet<object>;
  /** The open pages. */
  pages(): Page[];
}

/** Whether this page was accepting an invitation that was to replace the call. */
const isBack = ({ calls }: MachineState, callID: string): boolean =>
  [...calls.values()].some((call) => call.phase === 'accepting' && call.replacesCall === callID);

/** Questions to one device without a longer pause between them. */
const MAX_QUESTIONS_IN_SEQUENCE = 12;
const QUESTION_TOLERANCE_MS = 500;

/** Checks at every transition of every page. */
export class StepChecks implements Watcher {
  /** When a device was asked last, and how often in sequence, by asking device, call and asked device. */
  readonly #questions = new Map<string, { readonly at: number; readonly count: number }>();
  readonly callbacks: CallbackChecks;
  messages = 0;
  entered = 0;
  /** When two devices of one user were first seen in one call. */
  readonly doubles = new Map<string, number>();
  /** Pages that accepted without a press, because their own call and this one were a glare. */
  readonly glareAccepts: [page: Page, callID: string][] = [];
  readonly #scene: Scene;
  readonly #memories = new WeakMap<Page, Memory>();

  constructor(scene: Scene) {
    this.#scene = scene;
    this.callbacks = new CallbackChecks(scene);
  }

  step(
    page: Page,
    before: MachineState,
    after: MachineState,
    event: MachineEvent,
    effects: readonly Effect[],
  ): void {
    this.#checkLinks(page, before);
    const memory = this.#memory(page);
    this.#consent(page, memory, event, before);
    this.#replacements(page, memory, before, after);
    this.#transfers(page, before, after);
    for (const [id, call] of after.calls) {
      const old = before.calls.get(id);
      if (old === call) continue;
      // Deferred invitations ring immediately when a join is not admitted.
      if (old?.joining && call.phase === 'incoming')
        this.#scene.truth.joinNotAdmitted(id, old.joining.round, page);
      const round = call.members.get(page.user)?.record.round ?? 0;
      if (call.phase === 'in' && old?.joining && old.joining.round !== round)
        this.#scene.truth.joinAdmitted(id, old.joining.round, page);
      if (call.phase === 'in') this.#inCall(page, id, old?.phase !== 'in');
      if (call.phase === 'accepting' && old?.phase !== 'accepting') this.#accepting(page, id);
      if (call.unansweredReason === 'busy' && old?.unansweredReason !== 'busy') {
        this.callbacks.noteBusy(page, id);
        // A call that replaces the running one is not connected yet: no second call waits until it is.
        const isSame = after.current === before.current && !isBusyElsewhere(after, id);
        if (isSame && after.waiting === undefined && mustWait(before, id))
          this.#violate('busy-though-waiting', page, id);
      }
    }
    for (const [id, { phase }] of before.calls) {
      const isOver = isRunning(phase) && !isRunning(after.calls.get(id)?.phase ?? 'over');
      if (isOver) this.#ended(page, memory, before, after, id);
    }
    if (event.type === 'transport.message') this.callbacks.noteMessage(page, event.message);
    if (event.type === 'timer' && event.timer.kind === 'ring') {
      this.callbacks.ringTimer(page, event.timer.callID, event.timer.round ?? 0);
    }
    let acted: string | undefined;
    for (const effect of effects) {
      if (effect.type === 'callback') {
        if (acted) this.#violate('callback-after-effect', page, `${effect.name} after ${acted}`);
        this.callbacks.check(page, effect, before, event);
      } else if (effect.type === 'send' || effect.type.startsWith('open-')) acted = effect.type;
      if (effect.type === 'unmissed')
        this.#unmissed(page, effect.callID, before.reportedMissed.get(effect.callID) ?? 1);
      this.#checkEffect(page, memory, effect);
      if (effect.type === 'callback' && effect.name === 'onCallTransferred') {
        const { members } = before.calls.get(effect.callID) ?? {
          members: new Map<string, never>(),
        };
        const there = [...members.values()].filter(({ record }) => record.state === 'in');
        if (there.length < 3) this.#violate('transfer-leaves-one', page, effect.callID);
        this.#scene.truth.calls.get(effect.callID)?.hungUp.add(page);
      }
      // Nobody but the user switches on a microphone, which may have been in use before a replacement that has failed.
      const resumes = effect.type === 'hold-media' && !effect.on && !isBack(before, effect.callID);
      if (resumes && !event.type.startsWith('user.'))
        this.#violate('resumed-by-nobody', page, `${effect.callID} at ${event.type}`);
    }
    this.#checkMedia(page, memory, after);
    this.#checkCalls(page, before, after);
  }

  /** Media are open for the calls that the page is in. At most one of these is active. */
  #checkMedia(page: Page, { openMedia, onHold }: Memory, { calls, current }: MachineState): void {
    for (const id of openMedia) {
      const phase = calls.get(id)?.phase;
      if (phase !== 'in' && phase !== 'accepting')
        this.#violate('media-leak', page, `${id} is open, current ${current}`);
    }
    if (!page.self.media) return;
    for (const { id, phase, holdNumber } of calls.values()) {
      if (phase !== 'in' && phase !== 'accepting') continue;
      if (!openMedia.has(id)) this.#violate('no-media', page, `${id} ${phase}`);
      if ((holdNumber !== undefined) !== onHold.has(id)) this.#violate('hold-differs', page, id);
    }
    const active = [...openMedia].filter((id) => !onHold.has(id));
    if (active.length > 1) this.#violate('two-active-calls', page, active.join());
  }

  /** A call that rings is the current or the waiting one. Only a second call waits. */
  #checkCalls(page: Page, before: MachineState, after: MachineState): void {
    const { calls, current, waiting } = after;
    for (const { id, phase, isQuiet } of calls.values())
      if (phase === 'incoming' && !isQuiet && id !== current && id !== waiting)
        this.#violate('rings-unseen', page, id);
    for (const { id, phase } of calls.values())
      if (phase === 'incoming' && isBusyElsewhere({ ...after, busyInOtherTab: undefined }, id))
        this.#violate('rings-though-busy', page, id);
    if (waiting === undefined) return;
    if (current === undefined || calls.get(waiting)?.phase !== 'incoming')
      this.#violate('waits-for-nothing', page, waiting);
    if (waiting === before.waiting) return;
    const { phase, hadPeer = false } = calls.get(current ?? '') ?? {};
    if (!(phase === 'in' && hadPeer)) this.#violate('waits-too-early', page, waiting);
  }

  /** Whether a page of this user other than `except` accepted without a press. */
  acceptedByItself(callID: string, user: string, except?: Page): boolean {
    return this.glareAccepts.some(
      ([page, id]) => id === callID && page.user === user && page !== except,
    );
  }

  /** Whether the call of this page was given up in a glare, by this side or the other. */
  isGlaredCall(page: Page, callID: string): boolean {
    return this.#glaredCallsOf(page, callID).length > 0;
  }

  #glaredCallsOf(page: Page, callID: string): Call[] {
    return [...page.state.calls.values()].filter(({ glareSurvivor }) => glareSurvivor === callID);
  }

  /** The glared call in which a device of this page's user is. */
  #glaredCallIn(page: Page, callID: string): string | undefined {
    const selected = ({ members }: Call) => members.get(page.user)?.record.state === 'in';
    return this.#glaredCallsOf(page, callID).find(selected)?.id;
  }

  sending(page: Page, message: Message): void {
    const { loop, truth } = this.#scene;
    freeze(message);
    loop.note(
      () =>
        `${page.device} > ${describeMessage(message)}${page.connection?.open ? '' : ' (offline)'}`,
    );
    if (++this.messages % PARSE_EVERY === 0) {
      const parsed = parseMessage(JSON.parse(JSON.stringify(message)));
      if (!isSame(parsed, message)) {
        this.#violate('unparsable', page, JSON.stringify(message));
      }
    }
    this.#checkQuestion(page, message);
    if (message.type !== 'cancel' && message.type !== 'select') return;
    for (const { user, round } of message.records) {
      if (user !== message.user) continue;
      truth.decided(message.callID, user, round, page, message.type === 'select');
    }
    if (message.type === 'cancel' && message.reason === 'glare') {
      const call = truth.calls.get(message.callID);
      call?.glared.add(message.user);
      if (call) call.survivor = page.state.current ?? this.#glaredCallIn(page, call.id);
    }
  }

  /** A device does not ask another one the same again and again, as it would if no response could settle it. */
  #checkQuestion(page: Page, message: Message): void {
    if (message.type !== 'sync' || message.toDevice === undefined) return;
    const { now } = this.#scene.loop;
    // Another user may seem to have a device with the same ID: device IDs are unique only within a user.
    const key = `${page.device} ${message.callID} ${message.to.join()} ${message.toDevice}`;
    const { at, count } = this.#questions.get(key) ?? { at: -Infinity, count: 0 };
    const isNext = now - at <= SYNC_PAUSE_MS + QUESTION_TOLERANCE_MS;
    this.#questions.set(key, { at: now, count: isNext ? count + 1 : 1 });
    if (isNext && count === MAX_QUESTIONS_IN_SEQUENCE)
      this.#violate('asks-for-ever', page, `${message.callID} ${message.toDevice}`);
  }

  reaction(page: Page, effect: Extract<Effect, { type: 'callback' }>): void {
    this.#scene.simulatedUsers.react(page, effect);
  }

  #memory(page: Page): Memory {
    const memory = this.#memories.get(page) ?? new Memory();
    this.#memories.set(page, memory);
    return memory;
  }

  #violate(kind: string, page: Page, detail: string): void {
    this.#scene.loop.violate(kind, `${page.device} ${detail}`);
  }

  /** Links belong only to the call that the page is in. */
  #checkLinks(page: Page, state: MachineState): void {
    for (const side of this.#scene.media.of(page)) {
      const call = state.calls.get(side.callID);
      const isHere = state.current === side.callID || call?.holdNumber !== undefined;
      if (isHere && (call?.phase === 'in' || call?.phase === 'accepting')) continue;
      this.#violate('link-leak', page, `${side.callID} to ${side.peer}`);
    }
  }

  /** A device accepts by itself what replaces its call with the sender alone, and leaves that call then. */
  #replacements(page: Page, memory: Memory, before: MachineState, after: MachineState): void {
    const { truth } = this.#scene;
    for (const [id, { phase, replacesCall, members, caller, type }] of after.calls) {
      const { phase: was, replacesCall: statedBefore = '' } = before.calls.get(id) ?? {};
      const former = before.calls.get(replacesCall ?? statedBefore);
      if (!former || phase === was) continue;
      // A join by the user replaces nothing, whatever an earlier invitation stated.
      const stated = phase === 'accepting' ? replacesCall : statedBefore;
      if ((phase === 'accepting' || was === 'accepting') && stated !== former.id) continue;
      if (phase === 'accepting') {
        const others = [...former.members].filter(
          ([user, { record }]) =>
            user !== page.user && record.state === 'in' && !isGone(former, record),
        );
        const isOnly = others.length === 1 && others[0]?.[0] === caller;
        if (!isOnly || before.current !== former.id || former.holdNumber !== undefined)
          this.#violate('replaced-by-stranger', page, `${former.id} by ${id}`);
        memory.consents.set(id, type);
        truth.pressed(id, members.get(page.user)?.record.round ?? 1, page, 'accept');
      } else if (was === 'accepting') {
        truth.calls.get(former.id)?.hungUp.add(page);
        const now = after.calls.get(former.id);
        if (now?.phase !== 'in') continue;
        if (phase === 'in') this.#violate('replaced-call-goes-on', page, former.id);
        else if (after.current === former.id && now.holdNumber !== undefined)
          this.#violate('replaced-call-stays-on-hold', page, former.id);
      }
    }
  }

  /** A transfer ends by the member's leaving, or fails; it never leaves anybody alone. */
  #transfers(page: Page, before: MachineState, after: MachineState): void {
    for (const [id, call] of after.calls) {
      const old = before.calls.get(id)?.transfer;
      if (call.phase !== 'in' || old?.by !== page.user || old.failed) continue;
      const others = [...call.members].filter(
        ([user, { record }]) => user !== page.user && record.state === 'in',
      );
      if (!call.transfer && others.some(([user]) => user === old.to))
        this.#violate('transfer-forgotten', page, id);
      const target = call.members.get(old.to)?.record.state;
      if (others.length === 0 && (target === 'inviting' || target === 'ringing'))
        this.#violate('transfer-rings-for-nobody', page, id);
    }
  }

  /** Only a press is consent. */
  #consent(page: Page, memory: Memory, event: MachineEvent, before: MachineState): void {
    const call = before.calls.get(before.current ?? '');
    if (event.type === 'user.send') memory.consents.set(event.callID, event.callType);
    const waiting = before.calls.get(before.waiting ?? '');
    const answered = call?.phase === 'incoming' ? call : waiting;
    if (event.type === 'user.accept' && answered) memory.consents.set(answered.id, answered.type);
    if (event.type === 'user.resume') memory.consents.set(event.saved.id, event.saved.type);
    if (event.type === 'user.join') {
      this.callbacks.joined(page, event.callID);
      memory.consents.set(event.callID, before.calls.get(event.callID)?.type ?? 'voice');
    }
    this.#consentByGlare(page, memory, event.type === 'user.send' ? event.callID : call?.id);
  }

  /**
   * A user who calls another one agrees to be in a call with them: also in the other's call, with the own call type.
   */
  #consentByGlare(page: Page, memory: Memory, ownID: string | undefined): void {
    const { calls } = this.#scene.truth;
    const own = calls.get(ownID ?? '');
    const type = memory.consents.get(ownID ?? '');
    const theirs = calls.get(page.state.current ?? '');
    if (!own || !type || !theirs || own === theirs || own.sender !== page) return;
    if (memory.consents.has(theirs.id)) return;
    if (!own.group && !theirs.group && own.invitees.includes(theirs.sender.user)) {
      memory.consents.set(theirs.id, type);
    }
  }

  #accepting(page: Page, callID: string): void {
    const pressed = this.#scene.truth.calls.get(callID)?.answeredOn.has(page);
    if (!pressed) this.glareAccepts.push([page, callID]);
  }

  #inCall(page: Page, callID: string, entered: boolean): void {
    const { truth, loop } = this.#scene;
    const call = truth.calls.get(callID);
    if (call) call.lastIn = loop.now;
    if (!entered) return;
    this.entered++;
    for (const other of pagesIn(this.#scene, callID)) {
      if (other !== page && other.user === page.user) {
        this.doubles.set(`${callID} ${page.user}`, loop.now);
      }
    }
  }

  #ended(page: Page, memory: Memory, before: MachineState, after: MachineState, id: string): void {
    const { truth, loop } = this.#scene;
    const was = before.calls.get(id);
    const call = after.calls.get(id);
    const truthOf = truth.calls.get(id);
    if (!was || !call || !truthOf) return;
    truthOf.lastIn = Math.max(truthOf.lastIn, was.phase === 'in' ? loop.now : 0);
    const reason = call.endReason;
    if (was.joining) truth.joinNotAdmitted(id, was.joining.round, page);
    loop.note(() => `${page.device} = ended ${id} ${reason}`);
    if (reason === undefined) {
      // A call that was given up in a glare continues with the ID of the other one, and one whose next round had
      // arrived already continues with that round.
      const roundOf = ({ members }: Call) => members.get(page.user)?.record.round;
      if (after.current === undefined && roundOf(call) === roundOf(was))
        this.#violate('end-without-reason', page, id);
      return;
    }
    const round = call.members.get(page.user)?.record.round ?? 0;
    const key = `${id} ${round} ${was.joining?.round ?? ''} ${truthOf.joins.get(page) ?? 0}`;
    const earlier = memory.ends.get(key);
    if (earlier) this.#violate('two-end-reasons', page, `${key}: ${earlier}, then ${reason}`);
    memory.ends.set(key, reason);
    const { media } = this.#scene;
    const mediaWellFor = media.wellForMs;
    const togetherFor = Math.max(
      0,
      ...pagesIn(this.#scene, id)
        .filter((other) => other.user !== page.user && !media.explainsEnd(id, page, other))
        .map((other) => Math.min(connectedForMs(other, loop.now), connectedForMs(page, loop.now))),
    );
    const fact = { page, at: loop.now, phaseBefore: was.phase, reason, round };
    truthOf.ends.push({
      ...fact,
      mediaWellFor,
      togetherFor,
      isBusyElsewhere: call.isQuiet || isBusyElsewhere(after, id),
    });
    if (id === before.current) this.#checkShown(page, after, id, reason);
    this.#checkEndWithMedia(page, truthOf, reason);
    this.#checkResumed(page, truthOf, was, reason);
  }

  /** Only another device of the user, not the page before the reload, keeps a page from resuming its call. */
  #checkResumed(page: Page, call: ActualCall, was: Call, reason: string): void {
    const { replaces } = was.joining ?? {};
    if (replaces === undefined || reason !== 'answered-elsewhere') return;
    const elsewhere = [...call.answeredOn].some(
      ({ user, device }) => user === page.user && device !== page.device && device !== replaces,
    );
    if (elsewhere || this.acceptedByItself(call.id, page.user, page)) return;
    this.#violate('kept-out', page, call.id);
  }

  #checkShown(page: Page, after: MachineState, id: string, reason: string): void {
    if (after.current !== undefined) return;
    const { status, callID, endReason } = this.#scene.machine.snapshot(after);
    if (status !== 'ended' || callID !== id || endReason !== reason) {
      this.#violate('end-not-shown', page, `${id} ${reason}: ${status} ${callID} ${endReason}`);
    }
  }

  #checkEndWithMedia(page: Page, call: ActualCall, reason: string): void {
    if (!['connection-lost', 'everyone-left', 'media-failed'].includes(reason)) return;
    for (const other of pagesIn(this.#scene, call.id)) {
      if (other !== page && this.#scene.media.isKnownUp(call.id, page, other)) {
        this.#violate('ended-while-media', page, `${call.id} ${reason}, linked to ${other.device}`);
      }
    }
  }

  /** A missed call is reported only when an answer of another device would have arrived. */
  #missed(page: Page, { callID, round }: MissedCall): void {
    const { truth, slow, disturbed } = this.#scene;
    const call = truth.calls.get(callID);
    const press = call && truth.answer(call, page.user, round);
    // A join answers an invitation of its round only after it is admitted.
    if (press?.how === 'join' && !call?.selected.has(roundKey(page.user, round))) return;
    if (press?.wasConnected && !slow && !disturbed) {
      this.#violate('missed-too-early', page, `${callID} answered at ${press.page.device}`);
    }
  }

  /** A missed call is taken back only if the user has answered that invitation or a later one: a join is no answer. */
  #unmissed(page: Page, callID: string, round: number): void {
    const call = this.#scene.truth.calls.get(callID);
    if (!call) return;
    const isLater = (key: string): boolean => {
      const [user, when] = key.split(' ');
      return user === page.user && Number(when) >= round;
    };
    const isAnswered = [...call.presses].some(([key, { how }]) => isLater(key) && how !== 'join');
    // A join that was admitted has answered an invitation of its round.
    const isSelected = [...call.selected.keys()].some(
      (key) => isLater(key) && Number(key.split(' ')[1]) <= (call.invited.get(page.user) ?? 0),
    );
    // A device that has called the other user itself accepts the call that crosses its own.
    const isGlare = call.glared.has(page.user) || this.acceptedByItself(callID, page.user);
    if (!isAnswered && !isSelected && !isGlare)
      this.#violate('unmissed-unanswered', page, `${callID} round ${round}`);
  }

  #checkEffect(page: Page, memory: Memory, effect: Effect): void {
    switch (effect.type) {
      case 'open-media': {
        const consent = memory.consents.get(effect.callID);
        if (!consent) this.#violate('media-before-accept', page, effect.callID);
        else if (effect.callType === 'video' && consent === 'voice') {
          this.#violate('camera-without-consent', page, effect.callID);
        }
        memory.openMedia.add(effect.callID);
        memory.onHold.delete(effect.callID);
        return;
      }
      case 'close-media':
        memory.openMedia.delete(effect.callID);
        memory.onHold.delete(effect.callID);
        return;
      case 'hold-media':
        if (effect.on) memory.onHold.add(effect.callID);
        else memory.onHold.delete(effect.callID);
        return;
      case 'open-link':
        if (!memory.consents.has(effect.callID)) {
          this.#violate('media-before-accept', page, `${effect.callID} link`);
        }
        return;
      case 'reply':
        if (effect.result.ok && page.requests.get(effect.request) === REUSED_CALL_ID) {
          this.#violate('callid-twice', page, String(effect.request));
        }
        if (page.requests.get(effect.request) === INVITE && !isDone(effect.result)) {
          this.#violate('invites-nobody', page, 'a user who is shown as not in the call');
        }
        if (page.requests.get(effect.request)?.startsWith(JOIN)) {
          const callID = page.requests.get(effect.request)?.slice(JOIN.length) ?? '';
          const isIn = page.state.calls.get(callID)?.phase === 'in';
          const succeeded = effect.result.ok && effect.result.value !== false;
          if (succeeded !== isIn)
            this.#violate('join-untrue', page, `replied ${succeeded}, in: ${isIn}`);
        }
        if (!page.requests.delete(effect.request)) {
          this.#violate('two-replies', page, String(effect.request));
        }
        return;
      case 'missed':
        return this.#missed(page, effect.missed);
      case 'dropped':
        this.#scene.loop.note(() => `${page.device} drops ${effect.messageType}: ${effect.why}`);
        return;
      default:
        return;
    }
  }
}
