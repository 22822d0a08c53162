import { isPending } from '../../src/core/machine/record-order.js';
import type { MachineEvent } from '../../src/core/machine/events.js';
import type { Call, Effect, MachineState } from '../../src/core/machine/types.js';
import type { Message } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import type { Scene } from './invariants.js';
import { STRANGER } from './forger.js';
import type { Liar } from './schedule.js';
import { FALSE_NAME } from './attacker.js';

/** How long an honest page may still regard a device as in a call after it has left, in ms. */
const RECENTLY_LEFT_MS = 20_000;
/**
 * If the attacker also sends messages that it is allowed to send, as the inviter for example, only a missing link may show
 * that: after thirty seconds, and six seconds for the reply.
 */
const UNLINKED_MS = 40_000;

/** Phases in which a page is in a call, or about to be. */
const PARTICIPATES = /^(accepting|in)$/;

/**
 * Checks whom honest users admit and trust. The ground truth is what their machines do, and which devices belong to
 * which user.
 */
export class TrustChecks {
  readonly #scene: Scene;
  readonly #liar: string;
  readonly #isWild: boolean;
  readonly #owners = new Map<string, string>();
  /** When each device was last in each call, by call and device. */
  readonly #partOf = new Map<string, number>();
  /** When each honest page first tried to link another device, by call and both devices. */
  readonly #linksSince = new Map<string, number>();
  /** Calls that the attacker placed. */
  readonly #placed = new Set<string>();
  /** The attacker's last round in each call to which an honest user has invited it. */
  readonly #invited = new Map<string, number>();
  /** The last cancelled round, as far as each honest page has sent or received the cancellation: by call and page. */
  readonly #takenBack = new Map<string, number>();
  /** Devices of the attacker that an honest user selected in a call to which it was invited: by call and device. */
  readonly #admitted = new Set<string>();
  /** Who has sent messages to whom in a call, by call, page and user. */
  readonly #contacts = new Set<string>();
  readonly #reported = new Set<string>();

  constructor(scene: Scene, { user, wild }: Liar) {
    this.#scene = scene;
    this.#liar = user;
    this.#isWild = wild;
  }

  step(
    page: Page,
    before: MachineState,
    after: MachineState,
    event: MachineEvent,
    effects: readonly Effect[],
  ): void {
    this.#owners.set(page.device, page.user);
    const { now } = this.#scene.loop;
    const sent = effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
    for (const message of sent) this.#noteSent(page, message);
    if (page.user !== this.#liar)
      for (const message of sent) this.#checkRecipients(page, message, after);
    for (const [id, call] of after.calls) {
      const old = before.calls.get(id);
      if (PARTICIPATES.test(call.phase) || PARTICIPATES.test(old?.phase ?? '')) {
        this.#partOf.set(`${id} ${page.device}`, now);
      }
      if (page.user !== this.#liar && old !== call && PARTICIPATES.test(call.phase)) {
        this.#checkMembers(page, call);
      }
    }
    if (page.user === this.#liar) return;
    if (event.type === 'transport.message') {
      const { callID, from } = event.message;
      const isLie = event.message.type === 'foreign-invite' || this.#scene.lies.has(event.message);
      if (!isLie && from.userID !== this.#liar) this.#noteTakenBack(page, event.message);
      this.#contacts.add(`${callID} ${page.device} ${from.userID}`);
    }
    for (const effect of effects) {
      if (effect.type === 'open-link') this.#checkLink(page, effect);
      else if (effect.type === 'signal-link') this.#checkSignal(page, effect);
    }
  }

  /** Records admissions. */
  #noteSent(page: Page, message: Message): void {
    const { callID } = message;
    if (page.user === this.#liar) {
      // Legitimate calls that its machine places.
      if (message.type === 'invite' && message.initiator === this.#liar) this.#placed.add(callID);
      return;
    }
    const own = message.records.find(({ user }) => user === this.#liar);
    if (message.type === 'invite' && message.to.includes(this.#liar)) {
      this.#invited.set(callID, Math.max(own?.round ?? 1, this.#invited.get(callID) ?? 0));
    }
    this.#noteTakenBack(page, message);
    if (message.type === 'select' && message.user === this.#liar && this.#mayLetIn(page, callID)) {
      if (own?.device !== undefined) this.#admitted.add(`${callID} ${own.device}`);
    }
  }

  /** A user whose invitation was cancelled needs a new invitation; one who declined or missed it may join. */
  #noteTakenBack(page: Page, message: Message): void {
    if (message.type !== 'cancel' || message.user !== this.#liar || message.reason !== 'canceled')
      return;
    const key = `${message.callID} ${page.device}`;
    const round = message.records.find(({ user }) => user === this.#liar)?.round ?? 1;
    this.#takenBack.set(key, Math.max(round, this.#takenBack.get(key) ?? 0));
  }

  /** A cancellation that was lost with its sender cancels nothing. */
  #mayLetIn(page: Page, callID: string): boolean {
    const invited = this.#invited.get(callID);
    const takenBack = this.#takenBack.get(`${callID} ${page.device}`) ?? 0;
    return invited !== undefined && takenBack < invited;
  }

  /** The members of a call are disclosed only to users who are in or invited. */
  #checkRecipients(page: Page, message: Message, after: MachineState): void {
    const { callID } = message;
    if (message.type !== 'state' || !message.to.includes(this.#liar)) return;
    // The state when this was sent: messages received later in the same transition may have changed it.
    const known =
      message.records.find(({ user }) => user === this.#liar) ??
      after.calls.get(callID)?.members.get(this.#liar)?.record;
    const isConcerned =
      known !== undefined &&
      ((isPending(known) && this.#invited.has(callID)) ||
        (known.state === 'in' && this.#mayBeIn(callID, known.device ?? '')));
    const disclosesMembers = message.records.some(
      ({ user, state }) => user !== this.#liar && user !== page.user && state === 'in',
    );
    if (disclosesMembers && !isConcerned) this.#violate('liar-informed', page, callID);
  }

  #mayBeIn(callID: string, device: string): boolean {
    return this.#admitted.has(`${callID} ${device}`) || this.#placed.has(callID);
  }

  /** Members that this page shows as in the call are really in it. */
  #checkMembers(page: Page, call: Call): void {
    for (const { record } of call.members.values()) {
      const { user, device } = record;
      const name = call.names.get(user);
      if (name === FALSE_NAME && this.#contacts.has(`${call.id} ${page.device} ${user}`)) {
        this.#violate('liar-names', page, `${call.id} ${user}`);
      }
      if (record.state !== 'in' || device === undefined || user === page.user) continue;
      // An outsider who claims to be in, supported by the attacker, was brought by the attacker, which is allowed to
      // invite.
      if (user === STRANGER.userID && device === STRANGER.deviceID) continue;
      if (this.#owners.get(device) !== user) {
        this.#violate('liar-impersonates', page, `${call.id} ${user} is in with ${device}`);
      } else if (user === this.#liar) {
        if (!this.#mayBeIn(call.id, device)) {
          this.#violate('liar-gets-in', page, `${call.id} ${device}`);
        }
      } else if (!this.#partOf.has(`${call.id} ${device}`)) {
        this.#violate('liar-impersonates', page, `${call.id} ${device} was never in it`);
      }
    }
  }

  #checkLink(page: Page, { callID, user, device }: Extract<Effect, { type: 'open-link' }>): void {
    if (user === STRANGER.userID && device === STRANGER.deviceID) return;
    const owner = this.#owners.get(device);
    if (owner !== user) {
      return this.#violate('liar-linked', page, `${callID} to ${device} of ${owner} as ${user}`);
    }
    if (user === this.#liar) {
      if (!this.#mayBeIn(callID, device)) this.#violate('liar-linked', page, `${callID} ${device}`);
      return;
    }
    const since = this.#scene.loop.now - (this.#partOf.get(`${callID} ${device}`) ?? -Infinity);
    // A crashed device counts as present.
    const other = this.#scene.pages().find((each) => each.device === device);
    const phase = other ? (other.state.calls.get(callID)?.phase ?? '') : 'in';
    // A device that accepted while offline sends offers to the members of that time until it gives up: nobody
    // answers, and no media flow.
    const isWaiting = page.state.calls.get(callID)?.phase === 'accepting';
    const { now } = this.#scene.loop;
    const key = `${callID} ${page.device} ${device}`;
    const isNew = this.#isWild && now - (this.#linksSince.get(key) ?? now) < UNLINKED_MS;
    this.#linksSince.set(key, this.#linksSince.get(key) ?? now);
    const isLongGone =
      !isNew && !isWaiting && !PARTICIPATES.test(phase) && since > RECENTLY_LEFT_MS;
    if (since === Infinity || isLongGone) {
      this.#violate('liar-linked', page, `${callID} to ${device}, which is not in it`);
    }
  }

  /** A signal of a link was sent by the device at its other end. */
  #checkSignal(
    page: Page,
    { callID, user, device, data }: Extract<Effect, { type: 'signal-link' }>,
  ): void {
    const by = data['by'];
    if (by !== `${user} ${device}`) {
      this.#violate(
        'liar-signals',
        page,
        `${callID} to the link to ${user} ${device}: ${String(by)}`,
      );
    }
  }

  /** Reports each violation once for a page. */
  #violate(kind: string, page: Page, detail: string): void {
    const key = `${kind} ${page.device}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#scene.loop.violate(kind, `${page.device} ${detail}`);
  }
}
