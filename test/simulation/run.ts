import { BrowserModel } from './browser.js';
import type { ObservationLog } from './observation-log.js';
import type { Machine, PageEnvironment } from './device.js';
import { StepChecks, type Scene } from './invariants.js';
import { forge } from './forger.js';
import { AttackObserver } from './attack-observer.js';
import { Media } from './links.js';
import { Network } from './network.js';
import { SimulatedPhone } from './simulated-phone.js';
import { watchPurity } from './purity.js';
import { random, seedOf, type Random } from './random.js';
import { FinalStateChecks } from './final-state-checks.js';
import type { Action, Schedule } from './schedule.js';
import { ServerModel } from './server-model.js';
import { GroundTruth } from './ground-truth.js';
import { SimulatedUsers } from './simulated-users.js';
import { DurationChecks } from './duration-checks.js';
import { EventLoop, type Violation } from './event-loop.js';

/** More steps than this count as a livelock. A schedule of five users takes a few thousand. */
const MAX_STEPS = 60_000;
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
  readonly observations: ObservationLog | undefined;
}

interface Options {
  readonly trace?: boolean;
  /**
   * The same run without false messages. If given, the attacker sends them in this run, except those that it is
   * allowed to send.
   */
  readonly honest?: ObservationLog | undefined;
  /** Whether the attacker also sends messages that it is allowed to send. */
  readonly wild?: boolean;
}

/**
 * Runs one schedule until no more events are due. The same schedule always gives the same result. By default, a
 * schedule with an attacker runs without its false messages: see `examine.ts`.
 */
export function run(schedule: Schedule, machine: Machine, options: Options = {}): Outcome {
  const loop = new EventLoop(options.trace ?? false);
  const network = new Network(loop, schedule, random(seedOf('network', schedule.networkSeed)));
  const truth = new GroundTruth(loop);
  const simulatedUsers = new SimulatedUsers(loop, truth, schedule);
  const phones: SimulatedPhone[] = [];
  const scene: Scene = {
    loop,
    truth,
    simulatedUsers,
    media: new Media(loop, mediaLuck(schedule)),
    machine: watchPurity(machine, loop, PURITY_EVERY),
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
    pages: () => phones.map((phone) => phone.page).filter((page) => page.alive),
  };
  const server = new ServerModel(loop, network, truth, schedule);
  const watcher = new StepChecks(scene);
  const observer =
    schedule.liar && new AttackObserver(scene, watcher, server, schedule.liar, options);
  const environment: PageEnvironment = { ...scene, network, server, watcher: observer ?? watcher };
  const browsers = new Map<string, BrowserModel>();
  for (const phone of schedule.phones) {
    const name = schedule.oneBrowser ? phone.user : phone.name;
    const browser = browsers.get(name) ?? new BrowserModel(loop);
    browsers.set(name, browser);
    phones.push(new SimulatedPhone(environment, browser, schedule, phone));
  }
  for (const action of schedule.actions) {
    loop.at(action.at, () => perform(action, phones, environment, scene, observer));
  }
  const last = schedule.actions.at(-1)?.at ?? 0;
  const end = last + 144_000 + schedule.timeoutMs * 2;
  new DurationChecks(scene, watcher).start(end);
  loop.at(last + 20_000, () => {
    for (const phone of phones) if (!phone.page.connection) phone.connect(phone.page);
  });
  loop.run(end, MAX_STEPS);
  new FinalStateChecks(scene, watcher, server.inbox, schedule).check();
  for (const { user, at } of server.refusedInvites) observer?.observations.refused(user, at);
  return {
    violations: loop.violations,
    log: loop.log ?? [],
    counts: {
      steps: loop.steps,
      rings: watcher.callbacks.rings,
      sends: simulatedUsers.sends,
      entered: watcher.entered,
      glares: watcher.glareAccepts.length,
      messages: watcher.messages,
    },
    pairs: pairsOf(truth),
    observations: observer?.observations,
  };
}

/** With an attacker, all links take the same time to connect, so that its own links do not delay others. */
function mediaLuck({ networkSeed, liar }: Schedule): Random {
  const draw = random(seedOf('media', networkSeed));
  if (!liar) return draw;
  const same = draw();
  return () => same;
}

function pairsOf(truth: GroundTruth): string[] {
  return [...truth.calls.values()].flatMap((call) => {
    if (call.group) return [];
    const own = call.ends.find((end) => end.page === call.sender)?.reason ?? 'gone';
    return call.ends
      .filter((end) => end.page.user !== call.sender.user)
      .map((end) => `${own} | ${end.phaseBefore} -> ${end.reason}`);
  });
}

/** An action that is not possible does nothing. */
function perform(
  action: Action,
  phones: readonly SimulatedPhone[],
  environment: PageEnvironment,
  scene: Scene,
  observer: AttackObserver | undefined,
): void {
  const phone = phones[action.phone % phones.length];
  if (!phone) return;
  const { page } = phone;
  const { simulatedUsers } = scene;
  const { loop, server, network, media } = environment;
  if (!page.alive) {
    if (action.kind !== 'act') return;
    loop.note(() => `${phone.name} is opened again`);
    phone.load();
    return;
  }
  switch (action.kind) {
    case 'act':
      return simulatedUsers.act(page, action.luck);
    case 'send':
      return simulatedUsers.send(page, action.to, action.video);
    case 'mash':
      for (const [index, button] of action.buttons.entries()) {
        loop.after(index * action.gapMs, () => page.alive && simulatedUsers.press(page, button));
      }
      return;
    case 'invite':
      return simulatedUsers.invite(page, action.users);
    case 'cancel-invitee':
      return simulatedUsers.cancelInvitee(page, action.user);
    case 'join':
      return simulatedUsers.join(page);
    case 'hold':
      return simulatedUsers.hold(page, action.button);
    case 'merge':
      return simulatedUsers.merge(page);
    case 'transfer':
      return simulatedUsers.transfer(page, action.to);
    case 'quiet':
      return page.feed({ type: 'preferences.changed', doNotDisturb: action.on, blocked: [] });
    case 'cut':
      loop.note(() => `${page.device} is cut off`);
      return phone.cut(action.noticeMs, action.backMs);
    case 'crash':
    case 'close':
      loop.note(() => `${page.device} ${action.kind}`);
      if (action.kind === 'close') simulatedUsers.closed(page);
      return phone.end(action.kind === 'close');
    case 'reload': {
      loop.note(() => `${page.device} reloads`);
      const saved = environment.resumes ? page.saved : undefined;
      phone.end(false);
      return loop.after(action.waitMs, () => {
        if (!phone.page.alive) phone.load(page.device, saved);
      });
    }
    case 'restart':
      for (const connection of server.restart(action.downMs)) {
        connection.dead = true;
        const owner = phones.find((each) => each.page === connection.page);
        owner?.noticeLoss(network.draw() * 1_500, network.draw() * 1_500);
      }
      return;
    case 'lie':
      return observer?.lie(page, action, network);
    case 'forge':
      return forge(action.forgery, page, environment, scene.pages());
    case 'media': {
      const peer = phones[action.peer % phones.length];
      if (peer && peer.user !== phone.user) media.breakPath(phone.name, peer.name, action.forMs);
    }
  }
}
