import type { Logger } from '../../src/core/ports/logger.js';
import type { SignalTransport } from '../../src/core/ports/signal-transport.js';
import type { InvitationService } from '../../src/core/service/invitation-service.js';
import type { CallConfig } from '../../src/core/service/call-config.js';
import type { InvitationEvents } from '../../src/core/service/callback-types.js';
import type { ServiceEnvironment, Session } from '../../src/core/service/types.js';
import {
  createMemoryNetwork,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from '../../src/core/transports/memory.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { loadClasses } from './script-build.js';

const { InvitationService: ServiceClass, CallError } = await loadClasses();
export { CallError };

export interface Phone {
  readonly service: InvitationService;
  readonly transport: SignalTransport;
  /** Callbacks of the page. Tests may set them at any time. */
  readonly events: InvitationEvents;
  readonly config: CallConfig;
  /** Every callback, in order, with its arguments. */
  readonly callbacks: (readonly [name: string, ...args: readonly unknown[]])[];
  /** Names of the callbacks, without the two that follow every change. */
  callbackNames(): string[];
  /** The status of the call and its end reason, as text. */
  status(): string;
  start(session?: Partial<Session>): void;
}

export interface ServiceHarness {
  readonly clock: FakeClock;
  readonly network: MemoryNetwork;
  /** All events, in order: `alice onOutgoingCallAccepted`, `alice sends invite`, `bob media open …`. */
  readonly log: string[];
  phone(name: string, options?: ServiceEnvironment & { start?: boolean }): Phone;
  settle(): Promise<void>;
}

const NAMES = [
  'onIncomingCallReceived',
  'onIncomingCallCanceled',
  'onIncomingCallTimeout',
  'onIncomingCallDeclineButtonPressed',
  'onIncomingCallAcceptButtonPressed',
  'onOutgoingCallCancelButtonPressed',
  'onOutgoingCallSent',
  'onOutgoingCallAccepted',
  'onOutgoingCallDeclined',
  'onOutgoingCallRejectedCauseBusy',
  'onOutgoingCallTimeout',
  'onInvitationUserStateChanged',
  'onIncomingMissedCallClicked',
  'onIncomingMissedCallDialBackFailed',
  'onCallStateChanged',
  'onError',
] as const;

const GENERAL_CALLBACKS = new Set<string>([
  'onInvitationUserStateChanged',
  'onCallStateChanged',
  'onOutgoingCallSent',
]);

/** A logger that records its lines. */
export function createLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string, details?: object): void => {
      lines.push(`${level} ${message} ${JSON.stringify(details ?? {})}`);
    };
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn') };
}

/** Phones on one network, with one fake clock. */
export function createServiceHarness(options: MemoryNetworkOptions = {}): ServiceHarness {
  const clock = createFakeClock();
  const network = createMemoryNetwork({ now: () => clock.now(), ...options });
  const log: string[] = [];
  let phones = 0;

  const spyOn = (transport: SignalTransport, name: string): SignalTransport => {
    const send = transport.send.bind(transport);
    transport.send = (message) => {
      log.push(`${name} sends ${message.type}`);
      return send(message);
    };
    return transport;
  };

  const phone: ServiceHarness['phone'] = (name, { start = true, ...environment } = {}) => {
    const serial = ++phones;
    const transport = spyOn(network.transport(), name);
    const events: InvitationEvents = {};
    const config: CallConfig = {};
    const callbacks: Phone['callbacks'] = [];
    let calls = 0;
    let devices = 0;
    const service = new ServiceClass({
      clock,
      ids: {
        callID: () => `${name}${serial}-call${++calls}`,
        deviceID: () => `${name}${serial}-device${++devices}`,
      },
      config: () => config,
      invitationEvents: () => events,
      ...environment,
    });
    for (const callback of NAMES) {
      service.listen(callback, (...args) => {
        callbacks.push([callback, ...args]);
        log.push(`${name} ${callback}`);
      });
    }
    const user = { userID: name, userName: name.replace(/^./, (first) => first.toUpperCase()) };
    const phone: Phone = {
      ...{ service, transport, events, config, callbacks },
      callbackNames: () =>
        callbacks.map(([callback]) => callback).filter((it) => !GENERAL_CALLBACKS.has(it)),
      status() {
        const { status, endReason } = service.$call.get();
        return endReason === undefined ? status : `${status}: ${endReason}`;
      },
      start: (session) => service.start({ user, transport, ...session }),
    };
    if (start) phone.start();
    return phone;
  };

  return { clock, network, log, phone, settle: () => clock.settle() };
}
