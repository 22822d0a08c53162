import type { TimerRef } from '../../src/core/machine/timer-ref.js';
import type { EventInput, MachineEvent } from '../../src/core/machine/events.js';
import type { Effect, MachineState, SavedCall, Self } from '../../src/core/machine/types.js';
import type { MachineSnapshot } from '../../src/core/machine/snapshot-types.js';
import type { Delivered, InboxReport, Message, Reached } from '../../src/core/protocol/messages.js';
import type { BrowserModel } from './browser.js';
import type { Media } from './links.js';
import type { Connection, Network } from './network.js';
import type { ServerModel } from './server-model.js';
import type { SimulatedUsers } from './simulated-users.js';
import type { EventLoop } from './event-loop.js';
import type { GroundTruth } from './ground-truth.js';
import { describeMessage } from './describe.js';

/** The interface of the machine under test. A switch replaces the machine by one with a rule turned off. */
export interface Machine {
  initialState(self: Self): MachineState;
  transition(state: MachineState, event: MachineEvent): readonly [MachineState, readonly Effect[]];
  snapshot(state: MachineState): MachineSnapshot;
  heldCall(state: MachineState): string | undefined;
  savedCall(state: MachineState): Omit<SavedCall, 'microphone' | 'camera'> | undefined;
}

/** Observes every transition of every page. */
export interface Watcher {
  step(
    page: Page,
    before: MachineState,
    after: MachineState,
    event: MachineEvent,
    effects: readonly Effect[],
  ): void;
  sending(page: Page, message: Message): void;
  reaction(page: Page, effect: Extract<Effect, { type: 'callback' }>): void;
}

/** The environment of the pages. */
export interface PageEnvironment {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly server: ServerModel;
  readonly media: Media;
  readonly machine: Machine;
  readonly watcher: Watcher;
  readonly staleTimers: boolean;
  /** Whether a reloaded page resumes its call. */
  readonly resumes: boolean;
  readonly simulatedUsers: SimulatedUsers;
  readonly truth: GroundTruth;
}

const timerKey = (timer: TimerRef) =>
  [timer.callID, timer.kind, timer.user, timer.round, timer.device, timer.link].join(' ');

/** One page load: a machine, and the execution of its effects. A reload creates a new page. */
export class Page {
  readonly self: Self;
  readonly user: string;
  readonly device: string;
  /** Initial value of the clock of this page. Each clock starts with another value. */
  readonly epoch: number;
  /** When the page was closed or has crashed, by the simulated clock; infinity until then. */
  endedAt = Infinity;
  connection: Connection | undefined;
  /** The connection whose initial sync this page has completed. */
  syncedOver: Connection | undefined;
  state: MachineState;
  /** Requests that were not answered yet, with their names. */
  readonly requests = new Map<number, string>();
  readonly #around: PageEnvironment;
  readonly #browser: BrowserModel;
  readonly #timers = new Map<string, { stopped: boolean }>();
  #request = 0;

  constructor(around: PageEnvironment, browser: BrowserModel, self: Self, epoch: number) {
    this.#around = around;
    this.#browser = browser;
    this.self = self;
    this.user = self.userID;
    this.device = self.deviceID;
    this.epoch = epoch;
    this.state = around.machine.initialState(self);
    browser.enter(this);
  }

  /** The state of its call that it saves for a reload. */
  get saved(): SavedCall | undefined {
    const saved = this.#around.machine.savedCall(this.state);
    return saved && { ...saved, microphone: true, camera: saved.type === 'video' };
  }

  /** Ends the page: it was closed or has crashed. */
  end(): void {
    this.endedAt = this.#around.loop.now;
    this.#browser.leave(this);
  }

  get alive(): boolean {
    return this.endedAt === Infinity;
  }

  get now(): number {
    return this.epoch + this.#around.loop.now;
  }

  get screen(): MachineSnapshot {
    return this.#around.machine.snapshot(this.state);
  }

  /** A number for a command whose result is awaited. */
  request(what: string): number {
    this.requests.set(++this.#request, what);
    return this.#request;
  }

  feed(input: EventInput): void {
    if (!this.alive) return;
    const { loop, machine, watcher } = this.#around;
    const event = { ...input, now: this.now } as MachineEvent;
    const before = this.state;
    let effects: readonly Effect[];
    try {
      [this.state, effects] = machine.transition(before, event);
    } catch (error) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      loop.violate(
        'exception',
        `${this.device} ${event.type} ${stack.split('\n').slice(0, 4).join(' | ')}`,
      );
      return;
    }
    watcher.step(this, before, this.state, event, effects);
    this.#browser.hold(this, machine.heldCall(this.state));
    for (const effect of effects) this.#carryOut(effect);
  }

  receive(message: Delivered): void {
    this.#around.loop.note(() => `${this.device} < ${describeMessage(message)}`);
    this.feed({ type: 'transport.message', message });
  }

  synced(inbox: InboxReport): void {
    this.#around.loop.note(
      () =>
        `${this.device} < initial sync missed=${inbox.missed.map((each) => `${each.invite.callID}${each.fresh ? '(fresh)' : ''}`).join()} settled=${inbox.settled.map((each) => `${each.callID}:${each.how}`).join()}`,
    );
    this.syncedOver = this.connection;
    this.feed({ type: 'transport.synced', inbox });
  }

  acknowledged(callID: string, message: Message, reached: readonly Reached[]): void {
    if (message.type !== 'invite') return;
    this.feed({ type: 'transport.acknowledged', callID, messageID: message.id, reached });
  }

  refused(callID: string, { id: messageID }: Message): void {
    this.feed({ type: 'transport.refused', callID, messageID, code: 'not-allowed' });
  }

  #carryOut(effect: Effect): void {
    const { loop, network, server, media, watcher } = this.#around;
    switch (effect.type) {
      case 'hello': {
        const { connection } = this;
        if (connection) network.up(connection, () => server.hello(connection, effect.hello));
        return;
      }
      case 'send': {
        const { connection } = this;
        const { message } = effect;
        watcher.sending(this, message);
        if (connection?.open) network.up(connection, () => server.serve(connection, message));
        return;
      }
      case 'start-timer':
        return this.#startTimer(effect.timer, effect.ms);
      case 'stop-timers':
        if (this.#around.staleTimers) return;
        for (const [key, timer] of this.#timers) {
          if (key.startsWith(`${effect.callID} `)) timer.stopped = true;
        }
        return;
      case 'open-link':
        return media.open(this, effect);
      case 'signal-link':
        return media.signal(this, effect);
      case 'close-link':
        return media.close(this, effect);
      case 'hold-media':
        return media.hold(this, effect.callID, effect.on);
      case 'close-media':
        return media.closeAll(this, effect.callID);
      case 'callback':
        loop.note(() => `${this.device} * ${effect.name} ${JSON.stringify(effect.args)}`);
        return watcher.reaction(this, effect);
      case 'missed':
        loop.note(() => `${this.device} + missed ${effect.missed.callID} ${effect.missed.round}`);
        return;
      case 'unmissed':
        loop.note(() => `${this.device} - missed ${effect.callID}`);
        return;
      case 'seen':
      case 'history':
      case 'preferences':
      case 'open-media':
      case 'show-media':
      case 'reply':
      case 'dropped':
        return;
    }
  }

  #startTimer(timer: TimerRef, ms: number): void {
    const key = timerKey(timer);
    const old = this.#timers.get(key);
    if (old) old.stopped = true;
    const running = { stopped: false };
    this.#timers.set(key, running);
    this.#around.loop.after(ms, () => {
      if (running.stopped) return;
      this.#timers.delete(key);
      this.feed({ type: 'timer', timer });
    });
  }
}
