import type { CallConfig, CallHistoryEntry, MissedCallEntry } from '../../src/core/index.js';
import {
  historyEntry,
  incoming as ringingCall,
  missed,
  NO_CALL,
  ongoing,
  user,
} from '../../test/support/fake-service.js';
import { amara, ben, chen, eko, fatima, gus, hana } from './people.js';
import type { Script, ScriptedService } from './scripted-call.js';

/** One state of an element. */
export interface Scene {
  readonly id: string;
  readonly title: string;
  /** When the state occurs, in a sentence. */
  readonly when?: string;
  readonly script?: Script;
  /** Sets stores beyond the call. */
  readonly prepare?: (service: ScriptedService) => void;
  readonly config?: CallConfig;
  /** Properties of the element in this state. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** An attribute that can be set in the playground. */
export interface AttributeControl {
  readonly name: string;
  readonly type: 'boolean' | 'text' | readonly string[];
  readonly value?: string;
}

export interface PlaygroundElement {
  readonly tag: string;
  /** Content of the tag. */
  readonly content?: string;
  /** Shown by the provider in a layer above the page. */
  readonly layered?: boolean;
  /** Only the provider uses the tag: pages do not write it. */
  readonly internal?: boolean;
  readonly attributes?: readonly AttributeControl[];
  readonly scenes: readonly Scene[];
}

const minutes = (count: number): number => count * 60_000;
const days = (count: number): number => minutes(count * 24 * 60);
const ann = user('ann', 'Ann Berg');

const missedCalls = (): MissedCallEntry[] => [
  missed('1', { caller: amara, callType: 'video' }),
  missed('2', { callees: [ann, chen, gus], at: Date.now() - minutes(190), reason: 'busy' }),
  missed('3', { caller: eko, at: Date.now() - days(1.2), reason: 'canceled', seen: true }),
  missed('4', { caller: fatima, at: Date.now() - days(3), seen: true }),
];

/** A call of the history without a duration: nobody answered. */
function unanswered(callID: string, more: Partial<CallHistoryEntry>): CallHistoryEntry {
  const { durationMs: _, ...entry } = historyEntry(callID, { outcome: 'timeout', ...more });
  return entry;
}

const history = (): CallHistoryEntry[] => [
  unanswered('1', { caller: amara, callType: 'video', missed: true }),
  historyEntry('2', { direction: 'outgoing', caller: ann, callees: [hana] }),
  historyEntry('3', { group: true, callees: [ann, chen, gus], at: Date.now() - days(1) }),
  unanswered('4', { caller: eko, outcome: 'declined', at: Date.now() - days(3) }),
];

const showMissed = (service: ScriptedService): void => service.$missedCalls.set(missedCalls());
const showHistory = (service: ScriptedService): void => service.$callHistory.set(history());

const device = (kind: MediaDeviceKind, label: string): MediaDeviceInfo => {
  const info = { kind, label, deviceId: label, groupId: '' };
  return { ...info, toJSON: () => info };
};
function plugIn(service: ScriptedService): void {
  service.$devices.set({
    microphones: [
      device('audioinput', 'Built-in microphone'),
      device('audioinput', 'Jabra Evolve2 65'),
    ],
    cameras: [device('videoinput', 'Integrated camera')],
    speakers: [
      device('audiooutput', 'Built-in speakers'),
      device('audiooutput', 'Jabra Evolve2 65'),
    ],
    selected: { microphone: 'Built-in microphone', camera: 'Integrated camera' },
  });
}

const inviting: CallConfig = { inCalling: { canInvitingInCalling: true } };
const provider: AttributeControl = { name: 'provider', type: 'text' };
const hidden: AttributeControl = { name: 'hidden', type: 'boolean' };
const idle: Script = { status: 'idle', others: 0, callType: 'voice' };
const voice = { callType: 'voice' } as const;
const incoming = { status: 'incoming' } as const;

export const catalogue: readonly PlaygroundElement[] = [
  {
    tag: 'start-call-button',
    content: 'Call Ben',
    attributes: [
      { name: 'callees', type: 'text', value: 'ben' },
      { name: 'call-type', type: ['voice', 'video'] },
      { name: 'disabled', type: 'boolean' },
      { name: 'custom-data', type: 'text' },
      { name: 'timeout-seconds', type: 'text' },
      provider,
    ],
    scenes: [
      { id: 'ready', title: 'Ready', script: idle },
      {
        id: 'offline',
        title: 'No connection',
        script: idle,
        prepare: (service) => service.$connection.set('offline'),
      },
      { id: 'busy', title: 'During a call', script: voice },
    ],
  },
  {
    tag: 'incoming-call-dialog',
    layered: true,
    scenes: [
      { id: 'video', title: 'Video call', script: incoming },
      { id: 'voice', title: 'Voice call', script: { ...incoming, ...voice } },
      { id: 'group', title: 'Group call', script: { ...incoming, others: 5 } },
      { id: 'silenced', title: 'Silenced', script: { ...incoming, silenced: true } },
      {
        id: 'messages',
        title: 'Own decline messages',
        script: { ...incoming, ...voice },
        config: { declineMessages: ['In a meeting', 'I’ll call you back'] },
      },
    ],
  },
  {
    tag: 'outgoing-call-dialog',
    layered: true,
    scenes: [
      {
        id: 'calling',
        title: 'Calling',
        when: 'No device of the callee rings yet.',
        script: { status: 'calling', calleeState: 'inviting' },
      },
      { id: 'ringing', title: 'Ringing', script: { status: 'ringing-out' } },
      { id: 'voice', title: 'Voice call', script: { status: 'ringing-out', ...voice } },
      { id: 'group', title: 'Group call', script: { status: 'ringing-out', others: 4 } },
      {
        id: 'declined',
        title: 'Declined',
        script: { status: 'ended', endReason: 'declined', ...voice, calleeState: 'declined' },
      },
      {
        id: 'message',
        title: 'Declined with a message',
        script: {
          ...{ status: 'ended', endReason: 'declined', ...voice, calleeState: 'declined' },
          answer: '{"message":"I’m in a meeting"}',
        },
      },
      { id: 'busy', title: 'Busy', script: { status: 'ended', endReason: 'busy', ...voice } },
      {
        id: 'timeout',
        title: 'No answer',
        script: { status: 'ended', endReason: 'timeout', ...voice },
      },
    ],
  },
  {
    tag: 'ongoing-call-view',
    layered: true,
    attributes: [{ name: 'minimised', type: 'boolean' }],
    scenes: [
      { id: 'video', title: 'Video call' },
      { id: 'voice', title: 'Voice call', script: voice },
      { id: 'connecting', title: 'Connecting', script: { status: 'connecting' } },
      { id: 'reconnecting', title: 'Reconnecting', script: { status: 'reconnecting' } },
      {
        id: 'poor',
        title: 'Poor connection',
        script: { first: { connection: 'poor', picturePaused: true } },
      },
      {
        id: 'muted',
        title: 'Speaking while muted',
        script: { local: { microphone: 'off', speakingWhileMuted: true } },
      },
      {
        id: 'camera-denied',
        title: 'Camera denied',
        script: {
          local: { stream: undefined, camera: 'unavailable', cameraProblem: 'denied' },
        },
      },
      { id: 'group-3', title: 'Group of 3', script: { others: 2 }, config: inviting },
      { id: 'group-5', title: 'Group of 5', script: { others: 4 }, config: inviting },
      { id: 'group-8', title: 'Group of 8', script: { others: 7 } },
      {
        id: 'waiting',
        title: 'Members still ring',
        script: { others: 2, waiting: ['ringing', 'inviting', 'unreachable'] },
        config: inviting,
      },
      { id: 'screen', title: 'Shared screen', script: { screen: true } },
      {
        id: 'screen-group',
        title: 'Shared screen in a group',
        script: { screen: true, others: 3 },
      },
      { id: 'minimised', title: 'Minimised', properties: { minimised: true } },
      { id: 'ended', title: 'Ended', script: { status: 'ended' } },
      {
        id: 'lost',
        title: 'Connection lost',
        script: { status: 'ended', endReason: 'connection-lost' },
      },
      {
        id: 'transferred',
        title: 'Being transferred',
        prepare: ({ $call }) => {
          const transfer = {
            by: ben,
            to: chen,
            reason: 'Chen knows about invoices.',
            failed: false,
          };
          $call.set({ ...$call.get(), transfer });
        },
      },
    ],
  },
  {
    tag: 'waiting-call-card',
    layered: true,
    internal: true,
    scenes: [
      {
        id: 'waiting',
        title: 'A second call waits',
        prepare: ({ $waitingCall }) =>
          $waitingCall.set({ ...NO_CALL, callID: 'waiting', ...ringingCall() }),
      },
      {
        id: 'held',
        title: 'A call is on hold',
        when: 'The user talks in another call: both can be merged, or transferred to each other.',
        prepare: ({ $heldCalls }) =>
          $heldCalls.set([{ ...NO_CALL, callID: 'held', ...ongoing(), onHold: true }]),
      },
    ],
  },
  {
    tag: 'minimal-call-view',
    layered: true,
    internal: true,
    scenes: [
      {
        id: 'voice',
        title: 'Voice call',
        when: 'The code of the call view could not be loaded.',
        script: voice,
        properties: { incomplete: true },
      },
      { id: 'connecting', title: 'Connecting', script: { status: 'connecting', ...voice } },
      { id: 'group', title: 'Group call', script: { others: 4 } },
    ],
  },
  {
    tag: 'invite-to-call-button',
    content: 'Invite',
    attributes: [{ name: 'people', type: 'text', value: 'dana hana gus' }, provider],
    scenes: [{ id: 'ready', title: 'During a call', config: inviting }],
  },
  {
    tag: 'missed-call-list',
    attributes: [provider, hidden],
    scenes: [
      { id: 'list', title: 'Missed calls', script: idle, prepare: showMissed },
      { id: 'empty', title: 'Empty', script: idle },
      { id: 'busy', title: 'During a call', script: voice, prepare: showMissed },
      {
        id: 'no-dial-back',
        title: 'Without dial back',
        script: idle,
        prepare: showMissed,
        config: { missedCall: { enableDialBack: false } },
      },
    ],
  },
  {
    tag: 'call-history',
    attributes: [provider, hidden],
    scenes: [
      { id: 'list', title: 'Calls', script: idle, prepare: showHistory },
      { id: 'busy', title: 'During a call', script: voice, prepare: showHistory },
      { id: 'empty', title: 'Empty', script: idle },
      {
        id: 'loading',
        title: 'Loading',
        script: idle,
        prepare: (service) => service.$callHistoryState.set('loading'),
      },
      {
        id: 'failed',
        title: 'Could not be loaded',
        script: idle,
        prepare: (service) => service.$callHistoryState.set('failed'),
      },
    ],
  },
  {
    tag: 'call-settings',
    attributes: [provider],
    scenes: [
      { id: 'page', title: 'In a page', script: idle, prepare: plugIn },
      { id: 'call', title: 'During a call', prepare: plugIn },
    ],
  },
  {
    tag: 'notification-offer',
    layered: true,
    internal: true,
    scenes: [
      {
        id: 'offer',
        title: 'Offer',
        when: 'After the first answered call, if the browser has not asked yet.',
        script: idle,
      },
    ],
  },
];

/** The element and scene with these names, else the first ones. */
export function find(tag: string, id: string): { element: PlaygroundElement; scene: Scene } {
  const element = catalogue.find((each) => each.tag === tag) ?? catalogue[0];
  if (!element) throw new Error('The catalogue is empty.');
  const scene = element.scenes.find((each) => each.id === id) ?? element.scenes[0];
  if (!scene) throw new Error(`${element.tag} has no scenes.`);
  return { element, scene };
}
