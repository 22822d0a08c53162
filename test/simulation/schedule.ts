/*
 * A schedule is data: what the users and the network do, and when. An action that does not fit does nothing,
 * and the randomness of the network has a seed of its own. So a failing schedule can be made smaller.
 */

/** Users of the simulation, in the order in which presets take them. */
export const USERS = ['A', 'B', 'C', 'D', 'E'] as const;

/** Users who lie, one of them in a schedule: the lower and the higher of all userIDs, since the lower often wins. */
export const LIARS = ['0', 'Z'] as const;

export interface Phone {
  readonly user: string;
  /** Name of the phone; each page load on it draws a device ID of its own. */
  readonly name: string;
}

export type Button = 'accept' | 'decline' | 'cancel' | 'hang-up';

export type Action = {
  /** When, in ms since the start. */
  readonly at: number;
  /** Index into the phones. */
  readonly phone: number;
} &
  /** Presses something that the screen offers; `luck` decides which. Opens the page again when it is closed. */
  (
    | { readonly kind: 'act'; readonly luck: number }
    | { readonly kind: 'send'; readonly to: readonly string[]; readonly video: boolean }
    /** Presses these buttons one right after the other, whatever the screen shows. */
    | { readonly kind: 'mash'; readonly buttons: readonly Button[]; readonly gapMs: number }
    | { readonly kind: 'invite'; readonly users: readonly string[] }
    | { readonly kind: 'cancel-invitee'; readonly user: string }
    | { readonly kind: 'join' }
    /** Does not want to be disturbed from now on, or does again. */
    | { readonly kind: 'quiet'; readonly on: boolean }
    /** The connection breaks; the page notices after `noticeMs` and is back `backMs` later. */
    | { readonly kind: 'cut'; readonly noticeMs: number; readonly backMs: number }
    /** The page is gone without a word. */
    | { readonly kind: 'crash' }
    /** The page is closed in order. */
    | { readonly kind: 'close' }
    | { readonly kind: 'reload'; readonly waitMs: number }
    | { readonly kind: 'restart'; readonly downMs: number }
    /** Somebody who is no member says to everybody what only members may say of the call on this phone. */
    | { readonly kind: 'forge'; readonly forgery: Forgery }
    /** The liar sends a message that its machine would not send; `luck` decides what it says. */
    | { readonly kind: 'lie'; readonly attack: Attack; readonly luck: number }
    /** No media passes between these two phones for a while. */
    | { readonly kind: 'media'; readonly peer: number; readonly forMs: number }
  );

/** What a stranger may try. */
export const FORGERIES = ['cancel', 'select', 'end', 'leave', 'lost', 'accept', 'roster'] as const;
export type Forgery = (typeof FORGERIES)[number];

/** What a liar may try: see `liar.ts`. */
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
/** What it says of itself is its right, or comes to nothing: told where the honest are not compared. */
export const WILD_ATTACKS = [...ATTACKS, 'itself', 'itself', 'itself', 'itself'] as const;
export type Attack = (typeof WILD_ATTACKS)[number];

/** What the model of the server checks of a message that a liar sends; see `server-model.ts`. */
export type ServerChecks = 'stamp-only' | 'full';

export interface Liar {
  readonly user: string;
  readonly serverChecks: ServerChecks;
  /**
   * It also says what it may say: it accepts, leaves, invites behind the back of its machine. Then the honest are not
   * compared with themselves in a world without lies.
   */
  readonly wild: boolean;
}

export interface Schedule {
  readonly seed: number;
  readonly phones: readonly Phone[];
  readonly actions: readonly Action[];
  /** Seed of delays, losses and repeats. */
  readonly networkSeed: number;
  /** Share of messages that are sent twice. */
  readonly repeats: number;
  /** Some messages take seconds. */
  readonly slow: boolean;
  /** Timers are never cancelled, so stale ones fire. */
  readonly staleTimers: boolean;
  readonly timeoutMs: number;
  readonly endWithInitiator: boolean;
  /** Cuts, crashes, restarts or broken media may occur. */
  readonly faults: boolean;
  /** The server reports no vanished device, and keeps no list of what was settled. */
  readonly mute: boolean;
  /** The server relays everything: the devices alone decide who may say what, as over `local:` and `memory:`. */
  readonly plainRelay: boolean;
  /** Links are made; without, a call is active at the accept. */
  readonly media: boolean;
  /** All pages of a user are in one browser. */
  readonly oneBrowser: boolean;
  /** A page that is reloaded comes back into its call. */
  readonly resumes: boolean;
  /** One of the users lies. */
  readonly liar?: Liar;
}

export interface Preset {
  readonly users: readonly [number, number];
  readonly phones: readonly [number, number];
  readonly actions: readonly [number, number];
  readonly faults: boolean;
  /** In how much time the actions fall, in ms. Without: one call, with the actions around its critical moments. */
  readonly span?: readonly [number, number];
  /** The server checks nothing; else it does unless it is mute. */
  readonly plainRelay?: boolean;
  /** One user more, with so many phones, who tells so many lies. */
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
/** Groups in which one more user lies. */
const groupWithLiar = {
  phones: [1, 2],
  actions: [6, 18],
  span: [10_000, 40_000],
  liar: { phones: [1, 3], lies: [4, 20] },
} as const;

/**
 * `crossing` is one call with faults around its critical moments. `small`, `calm` and `storm` (all at once) are
 * one-to-one calls; `big` and `bigcalm` are groups. In `liar` and the like one more user lies.
 */
export const presets = {
  small: { ...pair, faults: true, span: [15_000, 50_000] },
  storm: { ...pair, actions: [6, 18], faults: true, span: [3_000, 20_000] },
  crossing: { ...pair, actions: [1, 4], faults: true },
  calm: { ...pair, faults: false, span: [15_000, 50_000] },
  big: { ...group, faults: true },
  bigcalm: { ...group, faults: false },
  /** As `big` and `bigcalm`, with a server that relays everything. */
  plain: { ...group, faults: true, plainRelay: true },
  plaincalm: { ...group, faults: false, plainRelay: true },
  liar: {
    ...pair,
    actions: [3, 9],
    faults: false,
    span: [8_000, 30_000],
    liar: { phones: [1, 3], lies: [3, 14] },
  },
  'liar-group': { ...groupWithLiar, users: [3, 4], faults: false },
  'liar-faults': { ...groupWithLiar, users: [2, 4], faults: true },
  /** As `liar-group`, with a server that checks what it passes on. */
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
