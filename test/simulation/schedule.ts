import { between, pick, random, seedOf, type Random } from './random.js';

/*
 * A schedule is data: what the users and the network do, and when. An action that does not fit does nothing,
 * and the randomness of the network has a seed of its own. So a failing schedule can be made smaller.
 */

/** Users of the simulation, in the order in which presets take them. */
export const USERS = ['A', 'B', 'C', 'D', 'E'] as const;

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
    /** No media passes between these two phones for a while. */
    | { readonly kind: 'media'; readonly peer: number; readonly forMs: number }
  );

/** What a stranger may try. */
export const FORGERIES = ['cancel', 'select', 'end', 'leave', 'lost', 'accept', 'roster'] as const;
export type Forgery = (typeof FORGERIES)[number];

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
  /** Links are made; without, a call is active at the accept. */
  readonly media: boolean;
}

export interface Preset {
  readonly users: readonly [number, number];
  readonly phones: readonly [number, number];
  readonly actions: readonly [number, number];
  readonly faults: boolean;
  /** In how much time the actions fall, in ms. */
  readonly span: readonly [number, number];
}

/** `small`, `calm` and `storm` (all at once) are one-to-one calls; `big` and `bigcalm` are groups. */
export const presets = {
  small: { users: [2, 2], phones: [1, 2], actions: [3, 14], faults: true, span: [15_000, 50_000] },
  storm: { users: [2, 2], phones: [1, 2], actions: [6, 18], faults: true, span: [3_000, 20_000] },
  calm: { users: [2, 2], phones: [1, 2], actions: [3, 14], faults: false, span: [15_000, 50_000] },
  big: { users: [3, 5], phones: [1, 3], actions: [6, 30], faults: true, span: [15_000, 50_000] },
  bigcalm: {
    users: [3, 5],
    phones: [1, 3],
    actions: [6, 30],
    faults: false,
    span: [15_000, 50_000],
  },
} as const satisfies Record<string, Preset>;
export type PresetName = keyof typeof presets;

export const isPresetName = (name: string): name is PresetName => Object.hasOwn(presets, name);

const BUTTONS: readonly Button[] = ['accept', 'decline', 'cancel', 'hang-up'];

/** @returns the schedule of this seed: always the same one */
export function generate(seed: number, preset: Preset): Schedule {
  const draw = random(seedOf('schedule', seed));
  const users = USERS.slice(0, between(draw, preset.users));
  const phones = users.flatMap((user) =>
    Array.from({ length: between(draw, preset.phones) }, (_, index) => ({
      user,
      name: `${user}${index + 1}`,
    })),
  );
  const count = between(draw, preset.actions);
  const [shortest, longest] = preset.span;
  const span = shortest + draw() * (longest - shortest);
  const actions: Action[] = [];
  for (let index = 0; index < count; index++) {
    const at = 500 + Math.floor(draw() * span);
    actions.push(...drawActions(draw, at, phones, users, preset.faults));
  }
  return {
    seed,
    phones,
    actions: actions.sort((a, b) => a.at - b.at),
    networkSeed: seed,
    repeats: 0.05,
    slow: draw() < 0.2,
    staleTimers: draw() < 0.2,
    timeoutMs: 8_000 + Math.floor(draw() * 12_000),
    endWithInitiator: draw() < 0.3,
    faults: preset.faults,
    media: draw() < 0.9,
  };
}

function drawActions(
  draw: Random,
  at: number,
  phones: readonly Phone[],
  users: readonly string[],
  faults: boolean,
): Action[] {
  const phone = Math.floor(draw() * phones.length);
  const own = phones[phone]?.user;
  const others = users.filter((user) => user !== own);
  const some = () => {
    const chosen = others.filter(() => draw() < 0.5);
    return chosen.length ? chosen : [pick(draw, others)];
  };
  if (draw() < 0.08) return [{ at, phone, kind: 'forge', forgery: pick(draw, FORGERIES) }];
  const kind = faults ? draw() : draw() * 0.74;
  if (kind < 0.42) return [{ at, phone, kind: 'act', luck: draw() }];
  if (kind < 0.52) return [{ at, phone, kind: 'send', to: some(), video: draw() < 0.5 }];
  if (kind < 0.6) return drawGlare(draw, at, phones, phone);
  if (kind < 0.66) {
    const buttons = Array.from({ length: between(draw, [2, 3]) }, () => pick(draw, BUTTONS));
    return [{ at, phone, kind: 'mash', buttons, gapMs: Math.floor(draw() * 60) }];
  }
  if (kind < 0.7) return [{ at, phone, kind: 'invite', users: some() }];
  if (kind < 0.72) return [{ at, phone, kind: 'cancel-invitee', user: pick(draw, others) }];
  if (kind < 0.74) return [{ at, phone, kind: 'join' }];
  return [drawFault(draw, kind, at, phone, phones.length)];
}

/** Two users call each other within a second. */
function drawGlare(draw: Random, at: number, phones: readonly Phone[], phone: number): Action[] {
  const peer = Math.floor(draw() * phones.length);
  const [own, other] = [phones[phone]?.user ?? '', phones[peer]?.user ?? ''];
  if (own === other) return [{ at, phone, kind: 'act', luck: draw() }];
  const video = draw() < 0.5;
  return [
    { at, phone, kind: 'send', to: [other], video },
    { at: at + Math.floor(draw() * 900), phone: peer, kind: 'send', to: [own], video },
  ];
}

function drawFault(draw: Random, kind: number, at: number, phone: number, count: number): Action {
  if (kind < 0.85) {
    const backMs = Math.floor(draw() * (draw() < 0.6 ? 3_000 : 14_000));
    return { at, phone, kind: 'cut', noticeMs: Math.floor(draw() * 2_000), backMs };
  }
  if (kind < 0.9) {
    const waitMs = Math.floor(draw() < 0.7 ? 200 + draw() * 2_000 : draw() * 14_000);
    return { at, phone, kind: 'reload', waitMs };
  }
  if (kind < 0.935) return { at, phone, kind: 'crash' };
  if (kind < 0.95) return { at, phone, kind: 'close' };
  if (kind < 0.97) return { at, phone, kind: 'restart', downMs: Math.floor(draw() * 4_000) };
  const peer = Math.floor(draw() * count);
  return {
    at,
    phone,
    kind: 'media',
    peer,
    forMs: Math.floor(draw() * (draw() < 0.7 ? 20_000 : 70_000)),
  };
}
