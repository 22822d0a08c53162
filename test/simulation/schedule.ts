/* A schedule is data: actions of users and the network, with their times. An action that is not possible does
   nothing, and the randomness of the network has its own seed. So a failing schedule can be reduced. */

/** Users of the simulation, in the order in which presets use them. */
export const USERS = ['A', 'B', 'C', 'D', 'E'] as const;

/** User IDs of attackers, one in a schedule: the lowest and the highest ID, because the lower one often wins. */
export const LIARS = ['0', 'Z'] as const;

export interface Phone {
  readonly user: string;
  /** Name of the phone. Each page load on it has a new device ID. */
  readonly name: string;
}

export type Button = 'accept' | 'decline' | 'cancel' | 'hang-up';

/** Buttons for several calls on one device. `accept-and-end` ends the current call for a waiting one. */
export const HOLD_BUTTONS = ['hold', 'unhold', 'swap', 'accept-and-end'] as const;
export type HoldButton = (typeof HOLD_BUTTONS)[number];

export type Action = {
  /** Time since the start, in ms. */
  readonly at: number;
  /** Index of the phone. */
  readonly phone: number;
} &
  /** Presses a button that is shown; `luck` selects it. Opens the page again if it is closed. */
  (
    | { readonly kind: 'act'; readonly luck: number }
    | { readonly kind: 'send'; readonly to: readonly string[]; readonly video: boolean }
    /** Presses these buttons immediately one after the other, whether they are shown or not. */
    | { readonly kind: 'mash'; readonly buttons: readonly Button[]; readonly gapMs: number }
    | { readonly kind: 'invite'; readonly users: readonly string[] }
    | { readonly kind: 'cancel-invitee'; readonly user: string }
    | { readonly kind: 'join' }
    | { readonly kind: 'hold'; readonly button: HoldButton }
    /** Adds the user of the call on hold to the running one. */
    | { readonly kind: 'merge' }
    | { readonly kind: 'transfer'; readonly to: string }
    /** Turns do-not-disturb on or off. */
    | { readonly kind: 'quiet'; readonly on: boolean }
    /** Breaks the connection. The page notices after `noticeMs`, and reconnects after another `backMs`. */
    | { readonly kind: 'cut'; readonly noticeMs: number; readonly backMs: number }
    /** The page crashes. */
    | { readonly kind: 'crash' }
    /** The page is closed in order. */
    | { readonly kind: 'close' }
    | { readonly kind: 'reload'; readonly waitMs: number }
    | { readonly kind: 'restart'; readonly downMs: number }
    /**
     * A user outside of the call sends a message to everybody that only members may send about the call on this
     * phone.
     */
    | { readonly kind: 'forge'; readonly forgery: Forgery }
    /** The attacker sends a message that its machine would not send; `luck` selects its content. */
    | { readonly kind: 'lie'; readonly attack: Attack; readonly luck: number }
    /** The media path between these two phones is broken for some time. */
    | { readonly kind: 'media'; readonly peer: number; readonly forMs: number }
  );

/** Messages that a user outside of the call may try. */
export const FORGERIES = ['cancel', 'select', 'end', 'leave', 'lost', 'accept', 'roster'] as const;
export type Forgery = (typeof FORGERIES)[number];

/** False messages that an attacker may try: see `attacker.ts`. */
export const ATTACKS = [
  'take-over',
  'oust',
  'cancel',
  'select',
  'later-round',
  'forged-invite',
  'ask',
  'join',
  'signal',
  'end',
  'used-id',
  'vouch',
  'vanish',
  'names',
  'answer',
  'mutate',
  'replay',
  'noise',
] as const;
/** Statements about itself are allowed, or have no effect. They are used only if the runs are not compared. */
export const WILD_ATTACKS = [...ATTACKS, 'itself', 'itself', 'itself', 'itself'] as const;
export type Attack = (typeof WILD_ATTACKS)[number];

/** What the model of the server checks in a message of an attacker; see `server-model.ts`. */
export type ServerChecks = 'stamp-only' | 'full';

export interface Liar {
  readonly user: string;
  readonly serverChecks: ServerChecks;
  /**
   * Whether the attacker also sends messages that it is allowed to send: it accepts, leaves and invites without its
   * machine. Then the runs with and without false messages are not compared.
   */
  readonly wild: boolean;
  /** Whether its invitations and rosters may also transfer the call, or replace another one. */
  readonly transfers: boolean;
}

export interface Schedule {
  readonly seed: number;
  readonly phones: readonly Phone[];
  readonly actions: readonly Action[];
  /** Seed of delays, losses and repeats. */
  readonly networkSeed: number;
  /** Share of messages that are sent twice. */
  readonly repeats: number;
  /** Whether some messages take seconds. */
  readonly slow: boolean;
  /** Whether timers are never cancelled, so that stale ones fire. */
  readonly staleTimers: boolean;
  readonly timeoutMs: number;
  readonly endWithInitiator: boolean;
  /** Whether cuts, crashes, restarts or broken media may occur. */
  readonly faults: boolean;
  /** Whether the server reports no lost device, and keeps no results of invitations. */
  readonly mute: boolean;
  /**
   * Whether the server relays everything, so that only the devices check authority, as over `local:` and `memory:`.
   */
  readonly plainRelay: boolean;
  /** Whether links are created. Otherwise, a call is active after the accept. */
  readonly media: boolean;
  /** Whether all pages of a user are in one browser. */
  readonly oneBrowser: boolean;
  /** Whether a reloaded page resumes its call. */
  readonly resumes: boolean;
  /** Whether a second call rings on all pages, instead of being answered busy. */
  readonly callWaiting?: boolean;
  /** Whether the server knows which devices are in calls, so that a user is busy on all devices. */
  readonly sharesCalls?: boolean;
  /** The attacker among the users, if any. */
  readonly liar?: Liar;
}

export interface Preset {
  readonly users: readonly [number, number];
  readonly phones: readonly [number, number];
  readonly actions: readonly [number, number];
  readonly faults: boolean;
  /** Minimum and maximum length of the actions, in ms. Default: one call, with actions at its critical moments. */
  readonly span?: readonly [number, number];
  readonly callWaiting?: boolean;
  /** Whether users merge and transfer calls. */
  readonly transfers?: boolean;
  readonly sharesCalls?: boolean;
  /** Whether the server checks nothing. By default, it does unless it is mute. */
  readonly plainRelay?: boolean;
  /** An additional user, an attacker, with this number of phones and of false messages. */
  readonly liar?: {
    readonly phones: readonly [number, number];
    readonly lies: readonly [number, number];
    readonly wild?: boolean;
    readonly serverChecks?: ServerChecks;
  };
}

/** Two users who call each other. */
const pair = { users: [2, 2], phones: [1, 2], actions: [3, 14] } as const;
/** Users who call each other in groups. */
const group = {
  users: [3, 5],
  phones: [1, 3],
  actions: [6, 30],
  span: [15_000, 50_000],
} as const;
/** Users who are in several calls at the same time. */
const waiting = {
  users: [3, 4],
  phones: [1, 2],
  actions: [10, 36],
  span: [15_000, 60_000],
  callWaiting: true,
} as const;
/** Users with several devices, who are busy on all of them while one is in a call. */
const everywhere = {
  users: [3, 4],
  phones: [1, 3],
  actions: [8, 26],
  span: [15_000, 50_000],
  sharesCalls: true,
} as const;
/** Groups with an additional user who is an attacker. */
const groupWithLiar = {
  phones: [1, 2],
  actions: [6, 18],
  span: [10_000, 40_000],
  liar: { phones: [1, 3], lies: [4, 20] },
} as const;

/**
 * `crossing` is one call with faults at its critical moments. `small`, `calm` and `storm` (all at the same time) are
 * one-to-one calls; `big` and `bigcalm` are groups. `liar` and similar presets have an additional user who is an
 * attacker.
 */
export const presets = {
  small: { ...pair, faults: true, span: [15_000, 50_000] },
  storm: { ...pair, actions: [6, 18], faults: true, span: [3_000, 20_000] },
  crossing: { ...pair, actions: [1, 4], faults: true },
  calm: { ...pair, faults: false, span: [15_000, 50_000] },
  big: { ...group, faults: true },
  bigcalm: { ...group, faults: false },
  /** Like `big` and `bigcalm`, with a server that relays everything. */
  plain: { ...group, faults: true, plainRelay: true },
  plaincalm: { ...group, faults: false, plainRelay: true },
  /** Users with call waiting, who put calls on hold. */
  waiting: { ...waiting, faults: false },
  'waiting-faults': { ...waiting, faults: true },
  /** Users who also merge and transfer calls. */
  transfer: { ...waiting, faults: false, transfers: true },
  'transfer-faults': { ...waiting, faults: true, transfers: true },
  /** Users who are busy on all devices. */
  everywhere: { ...everywhere, faults: false },
  'everywhere-faults': { ...everywhere, faults: true },
  'everywhere-pairs': { ...everywhere, users: [2, 2], phones: [1, 2], faults: true },
  'everywhere-waiting': { ...everywhere, phones: [1, 2], callWaiting: true, faults: true },
  liar: {
    ...pair,
    actions: [3, 9],
    faults: false,
    span: [8_000, 30_000],
    liar: { phones: [1, 3], lies: [3, 14] },
  },
  'liar-group': { ...groupWithLiar, users: [3, 4], faults: false },
  'liar-faults': { ...groupWithLiar, users: [2, 4], faults: true },
  /** Like `liar-group`, with a server that checks messages. */
  'liar-checked': {
    ...groupWithLiar,
    users: [3, 4],
    faults: false,
    liar: { ...groupWithLiar.liar, serverChecks: 'full' },
  },
  'liar-wild': {
    ...groupWithLiar,
    users: [2, 4],
    faults: true,
    liar: { phones: [1, 3], lies: [4, 24], wild: true },
  },
} as const satisfies Record<string, Preset>;
export type PresetName = keyof typeof presets;

export const isPresetName = (name: string): name is PresetName => Object.hasOwn(presets, name);
