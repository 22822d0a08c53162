import { BrowserModel } from './browser.js';
import type { Chronicle } from './chronicle.js';
import type { Machine, Surroundings } from './device.js';
import { StepChecks, type Scene } from './invariants.js';
import { forge } from './forger.js';
import { LiarStage } from './liar-stage.js';
import { Media } from './links.js';
import { Network } from './network.js';
import { PhoneSlot } from './phones.js';
import { watchPurity } from './purity.js';
import { random, seedOf, type Random } from './random.js';
import { RestChecks } from './rest.js';
import type { Action, Schedule } from './schedule.js';
import { ServerModel } from './server-model.js';
import { Truth } from './truth.js';
import { People } from './users.js';
import { Bounds } from './watch.js';
import { World, type Violation } from './world.js';

/** More steps than this count as a livelock. A schedule of five users takes a few thousand. */
const MOST_STEPS = 60_000;
/** Every n-th transition is checked for purity. */
const PURITY_EVERY = 50;

/** Actions that break connections. */
const DISTURBING: readonly string[] = ['cut', 'crash', 'close', 'reload', 'restart'];

export interface Counts {
  steps: number;
  rings: number;
  sends: number;
  entered: number;
  glares: number;
  messages: number;
}

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly log: readonly string[];
  readonly counts: Counts;
  /** How one-to-one calls ended: the end reason of the caller, then phase and reason of each called page. */
  readonly pairs: readonly string[];
  /** What the honest users saw, in schedules with an attacker. */
  readonly chronicle: Chronicle | undefined;
}

interface Options {
  readonly trace?: boolean;
  /**
   * The same run without false messages. If given, the attacker sends them in this run, except those that it is
   * allowed to send.
   */
  readonly honest?: Chronicle | undefined;
  /** Whether the attacker also sends messages that it is allowed to send. */
  readonly wild?: boolean;
}

/**
 * Runs one schedule until no more events are due. The same schedule always gives the same result. By default, a
 * schedule with an attacker runs without its false messages: see `examine.ts`.
 */
export function run(schedule: Schedule, machine: Machine, options: Options = {}): Outcome {
  const world = new World(options.trace ?? false);
  const network = new Network(world, schedule, random(seedOf('network', schedule.networkSeed)));
  const truth = new Truth(world);
  const people = new People(world, truth, schedule);
  const slots: PhoneSlot[] = [];
  const scene: Scene = {
    world,
    truth,
    people,
    media: new Media(world, mediaLuck(schedule)),
    machine: watchPurity(machine, world, PURITY_EVERY),
    staleTimers: schedule.staleTimers,
    resumes: schedule.resumes,
    slow: schedule.slow,
    faults: schedule.faults,
    mute: schedule.mute,
    mediaFaults: schedule.actions.some(({ kind }) => kind === 'media'),
    timeoutMs: schedule.timeoutMs,
    disturbed: schedule.actions.some(({ kind }) => DISTURBING.includes(kind)),
    phones: schedule.phones.length,
    lies: new WeakSet(),
    pages: () => slots.map((slot) => slot.page).filter((page) => page.alive),
  };
  const server = new ServerModel(world, network, truth, schedule);
  const watcher = new StepChecks(scene);
  const stage = schedule.liar && new LiarStage(scene, watcher, server, schedule.liar, options);
  const around: Surroundings = { ...scene, network, server, watcher: stage ?? watcher };
  const browsers = new Map<string, BrowserModel>();
  for (const phone of schedule.phones) {
    const name = schedule.oneBrowser ? phone.user : phone.name;
    const browser = browsers.get(name) ?? new BrowserModel(world);
    browsers.set(name, browser);
    slots.push(new PhoneSlot(around, browser, schedule, phone));
  }
  for (const action of schedule.actions) {
    world.at(action.at, () => perform(action, slots, around, scene, stage));
  }
  const last = schedule.actions.at(-1)?.at ?? 0;
  const end = last + 144_000 + schedule.timeoutMs * 2;
  new Bounds(scene, watcher).start(end);
  world.at(last + 20_000, () => {
    for (const slot of slots) if (!slot.page.connection) slot.connect(slot.page);
  });
  world.run(end, MOST_STEPS);
  new RestChecks(scene, watcher, server.inbox, schedule).check();
  return {
    violations: world.violations,
    log: world.log ?? [],
    counts: {
      steps: world.steps,
      rings: watcher.callbacks.rings,
      sends: people.sends,
      entered: watcher.entered,
      glares: watcher.glareAccepts.length,
      messages: watcher.messages,
    },
    pairs: pairsOf(truth),
    chronicle: stage?.chronicle,
  };
}

/** With an attacker, all links take the same time to connect, so that its own links do not delay others. */
function mediaLuck({ networkSeed, liar }: Schedule): Random {
  const draw = random(seedOf('media', networkSeed));
  if (!liar) return draw;
  const same = draw();
  return () => same;
}

function pairsOf(truth: Truth): string[] {
  return [...truth.calls.values()].flatMap((call) => {
    if (call.group) return [];
    const own = call.ends.find((end) => end.page === call.sender)?.reason ?? 'gone';
    return call.ends
      .filter((end) => end.page.user !== call.sender.user)
      .map((end) => `${own} | ${end.was} -> ${end.reason}`);
  });
}

/** An action that is not possible does nothing. */
function perform(
  action: Action,
  slots: readonly PhoneSlot[],
  around: Surroundings,
  scene: Scene,
  stage: LiarStage | undefined,
): void {
  const slot = slots[action.phone % slots.length];
  if (!slot) return;
  const { page } = slot;
  const { people } = scene;
  const { world, server, network, media } = around;
  if (!page.alive) {
    if (action.kind !== 'act') return;
    world.note(() => `${slot.name} is opened again`);
    slot.load();
    return;
  }
  switch (action.kind) {
    case 'act':
      return people.act(page, action.luck);
    case 'send':
      return people.send(page, action.to, action.video);
    case 'mash':
      for (const [index, button] of action.buttons.entries()) {
        world.after(index * action.gapMs, () => page.alive && people.press(page, button));
      }
      return;
    case 'invite':
      return people.invite(page, action.users);
    case 'cancel-invitee':
      return people.cancelInvitee(page, action.user);
    case 'join':
      return people.join(page);
    case 'quiet':
      return page.feed({
        type: 'user.do-not-disturb',
        request: page.request('quiet'),
        on: action.on,
      });
    case 'cut':
      world.note(() => `${page.device} is cut off`);
      return slot.cut(action.noticeMs, action.backMs);
    case 'crash':
    case 'close':
      world.note(() => `${page.device} ${action.kind}`);
      if (action.kind === 'close') people.hungUp(page, page.screen.callID);
      return slot.end(action.kind === 'close');
    case 'reload': {
      world.note(() => `${page.device} reloads`);
      const saved = around.resumes ? page.saved : undefined;
      slot.end(false);
      return world.after(action.waitMs, () => {
        if (!slot.page.alive) slot.load(page.device, saved);
      });
    }
    case 'restart':
      for (const connection of server.restart(action.downMs)) {
        connection.dead = true;
        const owner = slots.find((each) => each.page === connection.page);
        owner?.noticeLoss(network.draw() * 1_500, network.draw() * 1_500);
      }
      return;
    case 'lie':
      return stage?.lie(page, action, network);
    case 'forge':
      return forge(action.forgery, page, around, scene.pages());
    case 'media': {
      const peer = slots[action.peer % slots.length];
      if (peer && peer.user !== slot.user) media.breakPath(slot.name, peer.name, action.forMs);
    }
  }
}
