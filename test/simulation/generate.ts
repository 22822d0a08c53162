import { between, pick, random, seedOf, type Random } from './random.js';
import {
  ATTACKS,
  FORGERIES,
  HOLD_BUTTONS,
  LIARS,
  USERS,
  WILD_ATTACKS,
  type Action,
  type Attack,
  type Button,
  type Phone,
  type Preset,
  type Schedule,
} from './schedule.js';

/** One of this number of attackers transfers and replaces calls. */
const TRANSFERRING = 5;

const BUTTONS: readonly Button[] = ['accept', 'decline', 'cancel', 'hang-up'];

/** @returns the schedule of this seed, always the same */
export function generate(seed: number, preset: Preset): Schedule {
  const draw = random(seedOf('schedule', seed));
  const { liar } = preset;
  const liarName = liar && pick(draw, LIARS);
  const users = [
    ...USERS.slice(0, between(draw, preset.users)),
    ...(liarName === undefined ? [] : [liarName]),
  ];
  const phones = users.flatMap((user) => {
    const length = between(draw, liar && user === liarName ? liar.phones : preset.phones);
    return Array.from({ length }, (_, index) => ({ user, name: `${user}${index + 1}` }));
  });
  const count = between(draw, preset.actions);
  const actions = preset.span
    ? drawScattered(draw, phones, users, preset, count, preset.span)
    : drawCrossing(draw, phones, users, count);
  if (preset.callWaiting) actions.push(...drawHolds(draw, phones, actions));
  if (preset.transfers) actions.push(...drawTransfers(draw, phones, users, actions));
  if (liar && liarName !== undefined) {
    if (draw() < 0.4) actions.push(...drawTakenBack(draw, phones, actions, liarName));
    const attacks = liar.wild ? WILD_ATTACKS : ATTACKS;
    const count = between(draw, liar.lies);
    actions.push(...drawLies(draw, phones, actions, liarName, attacks, count));
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
    ...drawKind(draw, preset),
    ...(preset.callWaiting && { callWaiting: true }),
    ...(preset.sharesCalls && { sharesCalls: true }),
    ...(liarName === undefined
      ? {}
      : {
          ...{ repeats: 0, slow: false },
          liar: {
            user: liarName,
            serverChecks: liar?.serverChecks ?? 'stamp-only',
            wild: liar?.wild ?? false,
            transfers: seed % TRANSFERRING === TRANSFERRING - 1,
          },
        }),
  };
}

/** Somebody calls the attacker and another user, and a user with the authority cancels the attacker's invitation. */
function drawTakenBack(
  draw: Random,
  phones: readonly Phone[],
  actions: readonly Action[],
  liar: string,
): Action[] {
  const honest = phones.flatMap(({ user }, index) => (user === liar ? [] : [index]));
  const phone = pick(draw, honest);
  const at = pick(draw, actions).at + Math.floor(draw() * 2_000);
  const others = phones.map(({ user }) => user).filter((user) => user !== phones[phone]?.user);
  const to = [...new Set([liar, pick(draw, others)])];
  const later = at + 800 + Math.floor(draw() * 6_000);
  return [
    { at, phone, kind: 'send', to, video: false },
    ...honest.map((each) => ({
      ...{ at: later, phone: each, kind: 'cancel-invitee' as const, user: liar },
    })),
  ];
}

/** Calls are put on hold, continued and exchanged shortly after other actions. */
function drawHolds(draw: Random, phones: readonly Phone[], actions: readonly Action[]): Action[] {
  return Array.from({ length: between(draw, [4, 20]) }, () => ({
    at: pick(draw, actions).at + Math.floor(draw() * 6_000),
    phone: Math.floor(draw() * phones.length),
    kind: 'hold',
    button: pick(draw, HOLD_BUTTONS),
  }));
}

/**
 * A user calls another one, puts the call on hold, calls a third one, and merges or transfers the calls. Others transfer
 * a call at any moment.
 */
function drawTransfers(
  draw: Random,
  phones: readonly Phone[],
  users: readonly string[],
  actions: readonly Action[],
): Action[] {
  const some = (): number => Math.floor(draw() * phones.length);
  const connect = (at: number, phone: number): Action =>
    draw() < 0.5
      ? { at, phone, kind: 'merge' }
      : { at, phone, kind: 'transfer', to: pick(draw, users) };
  const consult = (): Action[] => {
    const phone = some();
    const others = users.filter((user) => user !== phones[phone]?.user);
    const first = pick(draw, others);
    const second = pick(
      draw,
      others.filter((user) => user !== first),
    );
    let at = pick(draw, actions).at;
    const later = (least: number, most: number): number =>
      (at += least + Math.floor(draw() * (most - least)));
    const call = (to: string): Action => ({ at, phone, kind: 'send', to: [to], video: false });
    const answers = (user: string): Action[] =>
      phones.flatMap((each, index) =>
        each.user === user
          ? [{ at, phone: index, kind: 'mash' as const, buttons: ['accept' as const], gapMs: 0 }]
          : [],
      );
    const placed = [call(first)];
    later(800, 3_000);
    placed.push(...answers(first));
    later(1_000, 5_000);
    placed.push({ at, phone, kind: 'hold', button: 'hold' });
    later(100, 1_000);
    placed.push(call(second));
    later(800, 3_000);
    placed.push(...answers(second));
    later(500, 6_000);
    placed.push(connect(at, phone));
    if (draw() < 0.4) {
      later(0, 3_000);
      placed.push({ at, phone: some(), kind: 'mash', buttons: ['hang-up'], gapMs: 0 });
    }
    return placed;
  };
  return [
    ...Array.from({ length: between(draw, [1, 3]) }, consult).flat(),
    ...Array.from({ length: between(draw, [1, 8]) }, () =>
      connect(pick(draw, actions).at + Math.floor(draw() * 6_000), some()),
    ),
  ];
}

/** Most false messages are sent within this time after another action, in ms. */
const LIE_SOON_MS = 5_000;

/** False messages are sent while calls ring, connect and are active. In every third schedule, all are of one type. */
function drawLies(
  draw: Random,
  phones: readonly Phone[],
  actions: readonly Action[],
  liar: string,
  attacks: readonly Attack[],
  count: number,
): Action[] {
  const own = phones.flatMap(({ user }, index) => (user === liar ? [index] : []));
  const moments = actions.map(({ at }) => at);
  const only = draw() < 0.33 ? pick(draw, attacks) : undefined;
  return Array.from({ length: count }, () => ({
    at: pick(draw, moments) + Math.floor(draw() * draw() * LIE_SOON_MS),
    phone: pick(draw, own),
    kind: 'lie',
    attack: only ?? pick(draw, attacks),
    luck: draw(),
  }));
}

function drawKind(
  draw: Random,
  { plainRelay = false }: Preset,
): Pick<Schedule, 'media' | 'mute' | 'plainRelay' | 'oneBrowser' | 'resumes'> {
  const media = draw() < 0.9;
  // Without a server that reports lost devices, only links show who is connected.
  const mute = media && draw() < 0.15;
  const oneBrowser = draw() < 0.5;
  return { media, mute, plainRelay: plainRelay || mute, oneBrowser, resumes: draw() < 0.7 };
}

function drawScattered(
  draw: Random,
  phones: readonly Phone[],
  users: readonly string[],
  preset: Preset,
  count: number,
  [shortest, longest]: readonly [number, number],
): Action[] {
  const span = shortest + draw() * (longest - shortest);
  return Array.from({ length: count }, () => {
    const at = 500 + Math.floor(draw() * span);
    return drawActions(draw, at, phones, users, preset.faults);
  }).flat();
}

/**
 * One call: placed, possibly crossed by a call of the other user, answered on some device, and ended, with faults
 * close to these moments.
 */
function drawCrossing(
  draw: Random,
  phones: readonly Phone[],
  users: readonly string[],
  faults: number,
): Action[] {
  const someOf = (user: string | undefined) => {
    const own = phones.flatMap((phone, index) => (phone.user === user ? [index] : []));
    return pick(draw, own);
  };
  const [caller = '', callee = ''] = draw() < 0.5 ? users : [...users].reverse();
  const placed = 700 + Math.floor(draw() * 1_000);
  const moments = [placed];
  const video = draw() < 0.5;
  const actions: Action[] = [
    { at: placed, phone: someOf(caller), kind: 'send', to: [callee], video },
  ];
  const press = (at: number, user: string, ...buttons: Button[]) => {
    moments.push(at);
    actions.push({ at, phone: someOf(user), kind: 'mash', buttons, gapMs: 30 });
  };
  const soon = (after: number, most: number) => after + Math.floor(draw() * most);
  if (draw() < 0.3) {
    const at = Math.max(500, soon(placed, 1_200) - 600);
    actions.push({ at, phone: someOf(callee), kind: 'send', to: [caller], video: draw() < 0.5 });
  }
  const answered = soon(placed, 7_000);
  if (draw() < 0.7) press(answered, callee, draw() < 0.8 ? 'accept' : 'decline');
  if (draw() < 0.3) press(soon(answered, 700), callee, pick(draw, ['accept', 'decline']));
  if (draw() < 0.5)
    press(soon(answered, draw() < 0.5 ? 1_500 : 20_000), pick(draw, users), 'hang-up');
  for (let fault = 0; fault < faults; fault++) {
    const at = Math.max(400, pick(draw, moments) - 1_500 + Math.floor(draw() * 3_000));
    const kind = 0.74 + draw() * 0.26;
    const phone = Math.floor(draw() * phones.length);
    actions.push(drawFault(draw, kind, at, phone, phones.length));
  }
  // A user who closed the page opens it again.
  if (draw() < 0.5) {
    const phone = Math.floor(draw() * phones.length);
    actions.push({ at: soon(answered, 20_000), phone, kind: 'act', luck: draw() });
  }
  return actions;
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
  if (kind < 0.735) return [{ at, phone, kind: 'join' }];
  if (kind < 0.74) return [{ at, phone, kind: 'quiet', on: draw() < 0.7 }];
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
