import { initialState, transition } from '../machine/machine.js';
import { callsOnHold, heldCall, IDLE, snapshot, waitingCall } from '../machine/snapshot.js';
import type { MachineSnapshot } from '../machine/snapshot-types.js';
import type { EventInput } from '../machine/events.js';
import type { Effect } from '../machine/types.js';
import { ServerTime } from '../clock/server-time.js';
import type { TransportEvent } from '../ports/signal-transport.js';
import { asksMembers, type Message } from '../protocol/messages.js';
import { oneOf } from '../protocol/one-of.js';
import type { CallUser } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { CallPreferences } from './call-preferences.js';
import { CallTime } from './call-time.js';
import { callToSave } from './call-to-save.js';
import { createEventQueue } from './event-queue.js';
import { createInbound } from './inbound.js';
import { isOver } from './in-calling.js';
import { OtherCalls } from './other-calls.js';
import { createSessionParts } from './session-parts.js';
import { watchConnections } from './session-connections.js';
import type { CallSession, SessionDependencies } from './session-types.js';
import { createTimers } from './timers.js';
import { whenConnected } from './when-connected.js';
import type { Session } from './types.js';

/** An effect of the machine, or the call of `onCallStateChanged`. */
type Task = Effect | { readonly type: 'changed' } | OtherChanged;
/** A call that waits or is on hold has changed, or has ended. */
interface OtherChanged {
  readonly type: 'other-changed';
  readonly call: MachineSnapshot;
}
/** The fields of a call whose change causes `onCallStateChanged`. */
const CHANGES = ['status', 'callID', 'endReason'] as const;
/** Effects that are still run when a session has been stopped. */
const isFinal = oneOf<Task['type']>('send', 'reply', 'close-media', 'close-link');

/**
 * Starts a session: passes events to the machine, one at a time, publishes its state, and runs its effects in order.
 * An effect that fails does not interrupt the others: the failure becomes an event, or is reported.
 */
export function startSession(
  user: CallUser,
  deviceID: string,
  { transport, line, callSilence, preferences: storage, token, replaces, resume }: Session,
  { service, environment, clock, callbacks, stores, media }: SessionDependencies,
): CallSession {
  const { logger, networkEvents, canTakeCalls = true } = environment;
  const self = { ...user, deviceID, ...(replaces === undefined ? {} : { replaces }) };
  const inbound = createInbound(logger);
  const queue = createEventQueue(callbacks.report);
  const timers = createTimers(clock, (timer) => dispatch({ type: 'timer', timer }));
  const serverTime = new ServerTime(clock);
  const callTime = new CallTime(clock);
  const requests = new Map<
    number,
    { resolve: (answer: never) => void; reject: (error: CallError) => void }
  >();
  let lastRequest = 0;
  let state = initialState({ ...self, media: media.present, canTakeCalls });
  /** Effects of the current event that have not been run yet. */
  let pending: Task[] = [];
  let stopped = false;
  let members = IDLE.members;
  const others = new OtherCalls();
  const { missedCalls, history } = createSessionParts({
    ...{ service, transport, serverTime, user, deviceID, environment, clock, callbacks, stores },
    elapsedMs: () => callTime.elapsedMs,
    isStopped: () => stopped,
  });

  /** @returns whether the job threw, which is reported */
  const fails = (job: () => void): boolean => {
    try {
      job();
      return false;
    } catch (error) {
      callbacks.report(error);
      return true;
    }
  };

  const dispatch = (event: EventInput, retryAfterMs?: number): void =>
    queue.push(() => step(event, retryAfterMs));

  const step = (event: EventInput, retryAfterMs?: number): void => {
    if (stopped) return;
    const now = clock.now();
    const on = environment.config?.().callWaiting === true;
    if (on !== state.callWaiting)
      [state] = transition(state, { type: 'config.call-waiting', on, now });
    const [next, effects] = transition(state, { ...event, now });
    state = next;
    const shown = callTime.show(snapshot(next));
    const before = stores.$call.get();
    const wasSilenced = stores.isSilenced();
    const changed = CHANGES.some((field) => shown[field] !== before[field]);
    pending = [...effects];
    const tasks = others.update(next).map((call): Task => ({ type: 'other-changed', call }));
    if (changed) tasks.unshift({ type: 'changed' });
    // Callbacks come first among the machine's effects.
    pending.splice(effects.findLastIndex(({ type }) => type === 'callback') + 1, 0, ...tasks);
    const waiting = waitingCall(next);
    // A call that does not wait any more may be the current one now.
    const onHold = callsOnHold(next).map((call) => callTime.toShown(call));
    stores.showOthers(waiting && callTime.toShown(waiting), onHold);
    stores.show(shown);
    if (wasSilenced && !stores.isSilenced()) callSilence?.silence(undefined);
    line?.hold(heldCall(next));
    for (let task; (task = pending.shift());) run(task, retryAfterMs);
    members = shown.members;
    connections.show(members);
  };

  const run = (effect: Task, retryAfterMs?: number): boolean =>
    fails(() => {
      switch (effect.type) {
        case 'callback':
          return void callbacks.fire(effect);
        case 'changed': {
          const call = stores.$call.get();
          const { callID, status, endReason } = call;
          logger?.info('call', { callID, status, endReason });
          callbacks.fire({ name: 'onCallStateChanged', args: [call] });
          const at = serverTime.now();
          const { elapsedMs } = callTime;
          const running = others.ids;
          history.run((calls) => calls.handle({ type: 'call', call, at, elapsedMs, running }));
          if (!isOver(status)) void media.load();
          return;
        }
        case 'other-changed': {
          const { call } = effect;
          const running = [stores.$call.get().callID, ...others.ids];
          const [at, elapsedMs] = [serverTime.now(), callTime.durationOf(call)];
          const event = { type: 'call', call, at, elapsedMs, running, isOther: true } as const;
          return history.run((calls) => calls.handle(event));
        }
        case 'send':
          return void send(effect.message);
        case 'hello':
          return transport.hello(effect.hello);
        case 'start-timer':
          return timers.start(effect.timer, effect.ms);
        case 'stop-timers':
          return timers.stop(effect.callID);
        case 'reply': {
          const { request, result } = effect;
          const waiting = requests.get(request);
          requests.delete(request);
          if (result.ok) waiting?.resolve(result.value as never);
          else waiting?.reject(new CallError(result.code, undefined, { retryAfterMs }));
          return;
        }
        case 'dropped':
          return inbound.ignore(`${effect.messageType}: ${effect.why}`);
        case 'missed': {
          const { at, ...call } = effect.missed;
          const serverAt = 'server' in at ? at.server : serverTime.now() - at.agoMs;
          const missedEvent = { type: 'missed', missed: { ...call, at: serverAt } } as const;
          history.run((calls) => calls.handle(missedEvent));
          return missedCalls.run((missed) => missed.handle(missedEvent));
        }
        case 'unmissed':
          history.run((calls) => calls.handle(effect));
          return missedCalls.run((missed) => missed.handle(effect));
        case 'seen':
          return missedCalls.run((missed) => missed.handle(effect));
        case 'history':
          return history.run((calls) => calls.handle(effect));
        case 'preferences':
          return dispatch(preferences.handle(effect.change));
        default:
          return media.run(effect);
      }
    });

  const send = async (message: Message): Promise<void> => {
    const { id: messageID, callID, type } = message;
    try {
      const outcome = await transport.send(message);
      if (outcome.type === 'refused') {
        const { code, retryAfterMs } = outcome;
        dispatch({ type: 'transport.refused', callID, messageID, code }, retryAfterMs);
      } else if (outcome.type === 'acknowledged' && (type === 'invite' || asksMembers(message))) {
        const { reached } = outcome;
        dispatch({ type: 'transport.acknowledged', callID, messageID, reached });
      }
    } catch (error) {
      callbacks.report(error);
    }
  };

  const onTransportEvent = (event: TransportEvent): void => {
    if (stopped) return;
    const { type } = event;
    if (type === 'message') {
      const message = inbound.message(event.message);
      if (message) step({ type: 'transport.message', message });
    } else if (type === 'drained') {
      const inbox = inbound.inbox(event.inbox);
      const time = transport.serverTime?.();
      if (time !== undefined) {
        serverTime.measure(time);
        missedCalls.ifLoaded((missed) => missed.handle({ type: 'time-measured' }));
        history.ifLoaded((calls) => calls.handle({ type: 'time-measured' }));
      }
      history.run((calls) => calls.handle({ type: 'synced', changedAt: inbox.history }));
      step(preferences.synced(inbox.preferences));
      step({ type: 'transport.synced', inbox });
      connections.synced();
    } else if (type === 'online') {
      stores.set(stores.$connection, 'connected');
      step({ type: 'transport.online' });
      missedCalls.run(() => {});
    } else {
      if (type === 'refused') logger?.warn('connection refused', { message: event.message });
      if (type === 'offline' && event.fault) {
        const { message, cause } = event.fault;
        logger?.warn('token not usable', { message });
        callbacks.report(new CallError('not-connected', message, { cause }));
      }
      stores.set(stores.$connection, type);
      serverTime.disconnected();
      preferences.disconnected();
      if (state.online) step({ type: 'transport.offline' });
      else connections.show(members);
    }
  };

  const connections = watchConnections({
    ...{ clock, transport, networkEvents, logger, stores, callbacks, media, queue },
    isSynced: () => state.synced,
  });
  const connected = () => whenConnected(stores, clock);
  const preferences = new CallPreferences({
    ...{ user, deviceID, transport, serverTime, clock, stores, storage, dispatch, connected },
  });
  fails(() => line?.open((callID) => dispatch({ type: 'other-tab.busy', callID })));
  fails(() => callSilence?.open((callID) => stores.silence(callID)));
  if (resume) dispatch({ type: 'user.resume', saved: callTime.fromSaved(resume) });
  stores.set(stores.$connection, 'connecting');
  const getToken = typeof token === 'function' ? token : () => token ?? '';
  const identity = token === undefined ? self : { ...self, token: getToken };
  if (fails(() => transport.open(identity, (event) => queue.push(() => onTransportEvent(event))))) {
    stores.set(stores.$connection, 'offline');
  }

  return {
    user,
    deviceID,
    get ignored() {
      return inbound.ignored;
    },
    execute: (command) =>
      new Promise((resolve, reject) => {
        const request = ++lastRequest;
        requests.set(request, { resolve, reject });
        dispatch({ ...command, request });
      }),
    connected,
    changePreferences: (make) => preferences.change(make),
    get elapsedMs() {
      return callTime.elapsedMs;
    },
    reconnect: () => fails(() => transport.reconnect?.()),
    savedCall: () => callToSave(state, stores.$localMedia.get(), callTime, resume),
    hideEnd: () => dispatch({ type: 'user.hide-end' }),
    withMissedCalls: (job) => missedCalls.with(job),
    withHistory: (job) => history.with(job),
    silence(callID) {
      stores.silence(callID);
      callSilence?.silence(callID);
    },
    link(event) {
      if ('link' in event) {
        const type = event.type === 'signal' ? 'link.signal' : event.type.replace('-', '.');
        dispatch({ ...event, type } as EventInput);
      }
      // The quality of a call that is not shown is not measured.
      const isShown = !('callID' in event) || event.callID === stores.$call.get().callID;
      if (isShown || event.type === 'link-down') connections.handle(event);
    },
    stop(code, continued) {
      if (stopped) return;
      stopped = true;
      queue.clear();
      const finish = (tasks: readonly Task[]): void =>
        tasks.forEach((task) => {
          // Another session continues that call: its members must not hear that this one leaves.
          const isOfContinued = task.type === 'send' && task.message.callID === continued;
          if (isFinal(task.type) && !isOfContinued) run(task);
        });
      finish(pending.splice(0));
      const error = new CallError(code);
      for (const { reject } of requests.values()) reject(error);
      finish(transition(state, { type: 'user.leave', now: clock.now() })[1]);
      timers.stop();
      connections.stop();
      fails(() => transport.close());
      line?.close();
      callSilence?.close();
      missedCalls.stop();
      history.stop();
      preferences.stop();
      stores.set(stores.$missedCalls, []);
      stores.set(stores.$callHistory, []);
      stores.set(stores.$callHistoryState, 'loading');
      stores.set(stores.$connection, 'offline');
      stores.showOthers();
      stores.show();
    },
  };
}
