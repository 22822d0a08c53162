import type { Action, Schedule } from './schedule.js';

/* Schedules written by hand for situations that random schedules rarely produce. Only the network is random. */

const A1 = 0;
const A2 = 1;
const B1 = 2;
const B2 = 3;
const C1 = 4;
const PHONES = ['A1', 'A2', 'B1', 'B2', 'C1'].map((name) => ({ user: name.charAt(0), name }));

const send = (at: number, phone: number, ...to: string[]): Action => ({
  ...{ at, phone, kind: 'send', to, video: false },
});
const press = (at: number, phone: number, button: 'accept' | 'decline' | 'hang-up'): Action => ({
  ...{ at, phone, kind: 'mash', buttons: [button], gapMs: 0 },
});
const cut = (at: number, phone: number, noticeMs: number, backMs: number): Action => ({
  ...{ at, phone, kind: 'cut', noticeMs, backMs },
});

/**
 * The inviter selects one device of B, and is lost before anybody receives that. The other member becomes the
 * coordinator, and receives only an accept of B's other device.
 */
const twoCoordinators: readonly Action[] = [
  send(1_000, A1, 'B', 'C'),
  press(2_500, C1, 'accept'),
  cut(4_800, C1, 50, 400),
  cut(4_800, B2, 50, 1_000),
  press(5_000, B1, 'accept'),
  cut(5_230, B1, 50, 14_000),
  cut(5_330, A1, 50, 13_000),
  press(8_000, B2, 'accept'),
];

export const scenarios = {
  /** Media paths break for longer than a link takes to fail, and recover. */
  'media-break': [
    send(1_000, A1, 'B'),
    press(4_000, B1, 'accept'),
    { at: 20_000, phone: A1, kind: 'media', peer: B1, forMs: 14_000 },
  ],
  /** The callee's connection breaks while the link is being signalled. */
  'cut-while-linking': [send(1_000, A1, 'B'), press(4_000, B1, 'accept'), cut(4_350, B1, 100, 300)],
  /** One device of the callee is busy; the other one is in the acknowledgement, and disconnected. */
  'busy-and-gone': [
    send(1_000, A2, 'B'),
    press(3_000, B1, 'accept'),
    { at: 6_000, phone: B2, kind: 'crash' },
    send(6_100, A1, 'B'),
  ],
  /** One device of the callee is busy; the other one rings, and the caller cannot receive that. */
  'busy-and-cut-off': [
    send(1_000, A2, 'B'),
    press(3_000, B1, 'accept'),
    send(6_000, A1, 'B'),
    cut(6_450, A1, 100, 12_000),
  ],
  /** Two users call each other, and a second phone of one of them accepts immediately. */
  'glare-and-sibling': [
    send(1_000, B1, 'A'),
    send(1_080, A1, 'B'),
    press(1_130, A2, 'accept'),
    press(1_180, A2, 'accept'),
    press(1_230, A2, 'accept'),
  ],
  /** See above; with a server that relays everything. */
  'two-coordinators': twoCoordinators,
  /** The same with a server that checks authority. It knows only the selection that reached it, and relays only that. */
  'two-coordinators-checked': twoCoordinators,
  /**
   * One member admits a join while another one invites the user in the same round, and the user's other device answers that
   * invitation.
   */
  'joined-and-invited': [
    send(1_000, A1, 'B', 'C'),
    press(2_500, B1, 'accept'),
    press(2_600, C1, 'accept'),
    press(6_000, B1, 'hang-up'),
    { at: 9_000, phone: B1, kind: 'join' },
    { at: 9_130, phone: C1, kind: 'invite', users: ['B'] },
    press(9_300, B2, 'decline'),
    press(9_350, B2, 'decline'),
    press(9_400, B2, 'decline'),
    press(9_450, B2, 'decline'),
  ],
  /** The server restarts when a user has joined again, and a member who has missed that invites the user. */
  'invited-while-in': [
    send(1_000, A1, 'B', 'C'),
    press(2_500, B1, 'accept'),
    press(2_600, C1, 'accept'),
    press(6_000, B1, 'hang-up'),
    cut(8_900, C1, 50, 500),
    { at: 9_000, phone: B1, kind: 'join' },
    { at: 9_500, phone: A1, kind: 'restart', downMs: 200 },
    { at: 11_000, phone: C1, kind: 'invite', users: ['B'] },
  ],
  /** A device is disconnected until the others regard it as lost, and is invited again before it returns. */
  'invited-back': [
    send(1_000, A1, 'B', 'C'),
    press(3_000, B1, 'accept'),
    press(3_100, C1, 'accept'),
    cut(6_000, B1, 100, 16_000),
    { at: 18_000, phone: A1, kind: 'invite', users: ['B'] },
  ],
} as const satisfies Record<string, readonly Action[]>;
export type ScenarioName = keyof typeof scenarios;

/** Scenarios in which only signalling shows who is connected. */
const WITHOUT_MEDIA: readonly ScenarioName[] = [
  'two-coordinators',
  'two-coordinators-checked',
  'invited-back',
];

/** Scenarios without checks at the server. */
const ON_THEIR_OWN: readonly ScenarioName[] = ['two-coordinators'];

export function scenario(name: ScenarioName, seed: number): Schedule {
  return {
    seed,
    phones: PHONES,
    actions: scenarios[name],
    networkSeed: seed,
    ...{ repeats: 0, slow: false, staleTimers: false, timeoutMs: 20_000 },
    ...{ endWithInitiator: false, faults: true, mute: false },
    plainRelay: ON_THEIR_OWN.includes(name),
    ...{ oneBrowser: false, resumes: false },
    media: !WITHOUT_MEDIA.includes(name),
  };
}
