import { parseMessage, type Delivered, type Message } from '../../src/core/protocol/messages.js';
import type { MachineEvent } from '../../src/core/machine/events.js';
import type { Effect, MachineState } from '../../src/core/machine/types.js';
import { ObservationLog } from './observation-log.js';
import { describeMessage } from './describe.js';
import type { Page, Watcher } from './device.js';
import type { Scene } from './invariants.js';
import { Attacker } from './attacker.js';
import { roundKey } from './ground-truth.js';
import { pagesIn, phaseOf } from './presence.js';
import type { Network } from './network.js';
import { freeze } from './purity.js';
import { Replies } from './replies.js';
import { isAllowedForLiar } from './rights.js';
import type { Action, Liar } from './schedule.js';
import type { ServerModel } from './server-model.js';
import { TrustChecks } from './trust.js';

interface Options {
  /** The observations of the honest users in the run without false messages; undefined in that run. */
  readonly honest?: ObservationLog | undefined;
  readonly wild?: boolean;
}

/**
 * Observes the honest users of a schedule with an attacker, in addition to all other checks, and sends the
 * attacker's messages.
 */
export class AttackObserver implements Watcher {
  readonly observations: ObservationLog;
  readonly #actor: Attacker;
  readonly #trust: TrustChecks;
  readonly #replies: Replies;
  readonly #scene: Scene;
  readonly #checks: Watcher;
  readonly #server: ServerModel;
  readonly #liar: Liar;
  readonly #options: Options;

  constructor(scene: Scene, checks: Watcher, server: ServerModel, liar: Liar, options: Options) {
    this.observations = new ObservationLog(
      liar.user,
      (callID) =>
        pagesIn(scene, callID).flatMap(({ user, connection }) => (connection?.open ? [user] : [])),
      (callID, user, round) => {
        const decider = scene.truth.calls.get(callID)?.deciders.get(roundKey(user, round));
        return decider?.user === liar.user ? undefined : decider;
      },
      (callID, { user, round, device }) => {
        const by = scene.truth.calls.get(callID)?.selected.get(roundKey(user, round));
        const isWaiting = (page: Page) =>
          page.device === device &&
          page.connection?.open === true &&
          phaseOf(page, callID) === 'accepting';
        return by !== undefined && by.user !== liar.user && scene.pages().some(isWaiting);
      },
    );
    this.#actor = new Attacker(liar, scene.pages);
    this.#trust = new TrustChecks(scene, liar);
    this.#replies = new Replies(liar.user);
    this.#scene = scene;
    this.#checks = checks;
    this.#server = server;
    this.#liar = liar;
    this.#options = options;
  }

  step(
    page: Page,
    before: MachineState,
    after: MachineState,
    event: MachineEvent,
    effects: readonly Effect[],
  ): void {
    if (page.user === this.#liar.user && event.type === 'transport.message') {
      if (event.message.type !== 'foreign-invite') this.#actor.overhear(event.message);
    }
    this.#checks.step(page, before, after, event, effects);
    this.observations.command(page, this.#scene.loop.now, before, event);
    this.observations.step(page, this.#scene.loop.now, before, after, effects);
    this.#trust.step(page, before, after, event, effects);
    this.#replies.step(page, this.#scene.loop.now, before, after, event);
  }

  sending(page: Page, message: Message): void {
    this.#checks.sending(page, message);
    this.observations.sending(page, message);
  }

  reaction(page: Page, effect: Extract<Effect, { type: 'callback' }>): void {
    this.#checks.reaction(page, effect);
  }

  lie(page: Page, { attack, luck }: Extract<Action, { kind: 'lie' }>, network: Network): void {
    const { connection } = page;
    if (!this.#options.honest || !connection?.open) return;
    const lie = this.#actor.lie(page, attack, luck);
    const parsed = lie && parseMessage(JSON.parse(JSON.stringify(lie.message)));
    if (!parsed) return;
    const message = this.#withoutOffer(parsed);
    const { loop } = this.#scene;
    const as = lie.device === page.device ? '' : ` as ${lie.device}`;
    loop.note(() => `${page.device} lies (${attack})${as}: ${describeMessage(message)}`);
    freeze(message);
    network.up(connection, () =>
      this.#server.relay(
        connection,
        message,
        { device: lie.device, checks: this.#liar.serverChecks },
        (to, delivered) => this.#admits(to, delivered),
      ),
    );
  }

  /**
   * Removes what affects only the attacker's own link, so that the records of a signal are tested: a high link number
   * makes later offers of the attacker's page outdated, and an offer makes the other side discard its own offer,
   * although the attacker's page never answers.
   */
  #withoutOffer(message: Message): Message {
    const concernsOthers = message.records.some(({ user }) => user !== this.#liar.user);
    if (message.type !== 'signal' || !concernsOthers) return message;
    return { ...message, link: 1, data: { ...message.data, type: 'answer' } };
  }

  #admits(page: Page, message: Delivered): boolean {
    const { honest, wild } = this.#options;
    this.#scene.lies.add(message);
    if (wild || !honest) return true;
    const { loop } = this.#scene;
    const call = page.state.calls.get(message.callID);
    const isReplyAwaited = call !== undefined && this.#replies.isAwaitedBy(page, call);
    const later = { ...honest.involvement(message.callID, loop.now), isReplyAwaited };
    if (!isAllowedForLiar(page, message, this.#liar.user, later)) return true;
    loop.note(
      () => `${page.device} does not receive an allowed message: ${describeMessage(message)}`,
    );
    return false;
  }
}
