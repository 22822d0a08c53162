import {
  asksMembers,
  type MemberRecord,
  type Message,
  type MessageOf,
  type MessageType,
} from '../protocol/messages.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import { isPending } from './record-order.js';
import { cloneCall, lastOnHold, newCall, nameOf, records as allRecords } from './call.js';
import type { HandledMessages } from './handled-messages.js';
import type { TimerRef } from './timer-ref.js';
import type { MachineCallbacks } from './machine-callbacks.js';
import type { Call, Effect, MachineState, Member, SendResult, Self } from './types.js';
import type { OtherDevice } from './user-wide.js';
import type { MissedCall } from './missed-call.js';
import type { CallErrorCode, Phase } from '../protocol/vocabulary.js';

type EnvelopeField = 'v' | 'id' | 'callID' | 'to' | 'records' | 'names' | 'remaining';
/** A message without the fields of its envelope, which the context adds. */
export type MessageBody =
  | { [T in Exclude<MessageType, 'leave' | 'end'>]: Omit<MessageOf<T>, EnvelopeField> }[Exclude<
      MessageType,
      'leave' | 'end'
    >]
  | (Omit<MessageOf<'leave'>, EnvelopeField | 'type'> & { type: 'leave' | 'end' });

/** Number of devices of which the time of the last message is remembered. */
const MAX_DEVICES = 512;

/**
 * The mutable state of one transition. Calls are copied when they are first accessed, so that the previous state stays
 * unchanged. Effects are collected; callbacks separately, because they come before all other effects.
 */
export class TransitionContext {
  readonly self: Self;
  online: boolean;
  synced: boolean;
  syncedAt: number;
  current: string | undefined;
  waiting: string | undefined;
  callWaiting: boolean;
  busyInOtherTab: string | undefined;
  readonly otherDevices: Map<string, OtherDevice>;
  sharesCalls: boolean;
  stated: MachineState['stated'];
  doNotDisturb: boolean;
  blocked: ReadonlySet<string>;
  shownEnd: string | undefined;
  readonly calls: Map<string, Call>;
  readonly reportedMissed: Map<string, number>;
  handled: HandledMessages;
  readonly lastMessageAt: Map<string, number>;
  sweptAt: number;
  serial: number;
  readonly now: number;
  readonly before: MachineState;
  readonly callbacks: Effect[] = [];
  readonly effects: Effect[] = [];
  readonly changedCalls = new Set<string>();
  /** What became of rounds that were current before this transition, if a later round of that user is known now. */
  readonly endedRounds: { readonly call: Call; readonly member: Member }[] = [];

  constructor(state: MachineState, now: number) {
    this.before = state;
    this.now = now;
    this.self = state.self;
    this.online = state.online;
    this.synced = state.synced;
    this.syncedAt = state.syncedAt;
    this.calls = new Map(state.calls);
    this.current = state.current;
    this.waiting = state.waiting;
    this.callWaiting = state.callWaiting;
    this.busyInOtherTab = state.busyInOtherTab;
    this.otherDevices = new Map(state.otherDevices);
    this.sharesCalls = state.sharesCalls;
    this.stated = state.stated;
    this.doNotDisturb = state.doNotDisturb;
    this.blocked = state.blocked;
    this.shownEnd = state.shownEnd;
    this.reportedMissed = new Map(state.reportedMissed);
    this.handled = state.handled;
    this.lastMessageAt = new Map(state.lastMessageAt);
    this.sweptAt = state.sweptAt;
    this.serial = state.serial;
  }

  /** The userID of this device. */
  get me(): string {
    return this.self.userID;
  }

  /** Whether this page is in a call or rings, or the user is in a call other than `callID` elsewhere. */
  isBusy(callID?: string): boolean {
    // A waiting call takes the place of the current one only at the end of the transition in which that one ends.
    const { current = this.waiting ?? lastOnHold(this.calls) } = this;
    return current !== undefined || this.isBusyElsewhere(callID);
  }

  /** Whether another page of this browser, or another device of this user, is in a call other than `callID`. */
  isBusyElsewhere(callID?: string): boolean {
    const { busyInOtherTab: other, otherDevices } = this;
    if (other !== undefined && other !== callID) return true;
    return [...otherDevices.values()].some(({ callIDs }) => callIDs.some((id) => id !== callID));
  }

  /** @returns the call; it may be modified */
  call(id: string | undefined): Call | undefined {
    if (id === undefined) return undefined;
    const call = this.calls.get(id);
    if (!call || this.changedCalls.has(id)) return call;
    const copy = cloneCall(call);
    this.calls.set(id, copy);
    this.changedCalls.add(id);
    return copy;
  }

  /** Adds a new call; replaces an older one with that ID. */
  add(id: string, phase: Phase): Call {
    const call = newCall(id, phase);
    call.names.set(this.me, this.self.userName);
    this.calls.set(id, call);
    this.changedCalls.add(id);
    return call;
  }

  callback<K extends keyof MachineCallbacks>(
    call: Call,
    name: K,
    ...args: MachineCallbacks[K]
  ): void {
    this.callbacks.push({ type: 'callback', name, args, callID: call.id } as Effect);
  }

  effect(effect: Effect): void {
    this.effects.push(effect);
  }

  resolveRequest(request: number | undefined, value: boolean | SendResult): void {
    if (request !== undefined) this.effect({ type: 'reply', request, result: { ok: true, value } });
  }

  rejectRequest(request: number, code: CallErrorCode): void {
    this.effect({ type: 'reply', request, result: { ok: false, code } });
  }

  /**
   * Sends a message about `call` with the given records, and the names and remaining times that belong to them.
   * @param id the ID of an earlier message, to send that message again
   * @returns the message's ID
   */
  send(
    call: Call,
    to: Iterable<string>,
    body: MessageBody,
    records: readonly MemberRecord[] = [],
    id = this.nextMessageID(),
  ): string {
    const users = [...new Set(to)];
    if (!users.length && !asksMembers(body)) return id;
    const remaining = [];
    for (const { user, ...record } of records) {
      const deadline = call.members.get(user)?.deadline;
      if (deadline !== undefined && isPending({ user, ...record }))
        remaining.push({ user, ms: Math.max(0, deadline - this.now) });
    }
    const message = {
      ...body,
      v: PROTOCOL_VERSION,
      id,
      callID: call.id,
      to: users,
      records: [...records],
      names: records
        .map(({ user }) => nameOf(call, user))
        .filter(({ userID, userName }) => userID !== userName),
      remaining,
    };
    this.effect({ type: 'send', message: message as Message });
    return id;
  }

  /** As `send`, with all records of the call. */
  sendAll(call: Call, to: Iterable<string>, body: MessageBody, id?: string): string {
    return this.send(call, to, body, allRecords(call), id);
  }

  /** Records the server's time of a device's message, by `deviceKey`. Devices that were silent longest are removed. */
  noteLastMessage(key: string, at: number): void {
    const last = Math.max(this.lastMessageAt.get(key) ?? 0, at);
    this.lastMessageAt.delete(key);
    this.lastMessageAt.set(key, last);
    for (const oldest of this.lastMessageAt.keys()) {
      if (this.lastMessageAt.size <= MAX_DEVICES) return;
      this.lastMessageAt.delete(oldest);
    }
  }

  nextMessageID(): string {
    return `${this.self.deviceID}-${++this.serial}`;
  }

  startTimer(call: Call, timer: Omit<TimerRef, 'callID'>, ms: number): void {
    this.effect({
      type: 'start-timer',
      timer: { callID: call.id, ...timer },
      ms: Math.max(0, ms),
    });
  }

  reportMissed(missed: MissedCall): void {
    this.reportedMissed.set(missed.callID, missed.round);
    if (this.blocked.has(missed.caller.userID)) return;
    this.effect({ type: 'missed', missed });
  }

  /** @returns the next state, and the effects in order */
  finish(): readonly [MachineState, readonly Effect[]] {
    const state: MachineState = {
      self: this.self,
      online: this.online,
      synced: this.synced,
      syncedAt: this.syncedAt,
      calls: this.calls,
      current: this.current,
      waiting: this.waiting,
      callWaiting: this.callWaiting,
      busyInOtherTab: this.busyInOtherTab,
      otherDevices: this.otherDevices,
      sharesCalls: this.sharesCalls,
      stated: this.stated,
      doNotDisturb: this.doNotDisturb,
      blocked: this.blocked,
      shownEnd: this.shownEnd,
      reportedMissed: this.reportedMissed,
      handled: this.handled,
      lastMessageAt: this.lastMessageAt,
      sweptAt: this.sweptAt,
      serial: this.serial,
    };
    return [state, [...this.callbacks, ...this.effects]];
  }
}
