import { isPending } from '../../src/core/machine/record-order.js';
import type { Call, Effect, MachineEvent, MachineState } from '../../src/core/machine/types.js';
import type { Message } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import type { Scene } from './invariants.js';
import { STRANGER } from './forger.js';
import { FALSE_NAME } from './attacker.js';

/** Whom an honest page may still take for being in a call that it has left, in ms. */
const LEFT_LATELY_MS = 20_000;

/** Phases in which a page takes part in a call, or hopes to. */
const TAKES_PART = /^(accepting|in)$/;

/** Whom the honest let in and believe, whatever a liar says: the truth is what their machines do, and whose devices are whose. */
export class TrustChecks {
  readonly #scene: Scene;
  readonly #liar: string;
  readonly #owners = new Map<string, string>();
  /** When each device took part in each call last, by call and device. */
  readonly #partOf = new Map<string, number>();
  /** Calls that the liar placed. */
  readonly #placed = new Set<string>();
  /** Its last round in each call to which somebody honest has invited it. */
  readonly #invited = new Map<string, number>();
  /** The last round that was taken back, as far as each honest page has said or heard: by call and page. */
  readonly #takenBack = new Map<string, number>();
  /** Devices of the liar that somebody honest selected in a call to which it was invited: by call and device. */
  readonly #letIn = new Set<string>();
  /** Who has spoken to whom in a call, by call, page and user. */
  readonly #heard = new Set<string>();
  readonly #told = new Set<string>();

  constructor(scene: Scene, liar: string) {
    this.#scene = scene;
    this.#liar = liar;
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
    if (page.user !== this.#liar) for (const message of sent) this.#checkTold(page, message, after);
    for (const [id, call] of after.calls) {
      const old = before.calls.get(id);
      if (TAKES_PART.test(call.phase) || TAKES_PART.test(old?.phase ?? '')) {
        this.#partOf.set(`${id} ${page.device}`, now);
      }
      if (page.user !== this.#liar && old !== call && TAKES_PART.test(call.phase)) {
        this.#checkMembers(page, call);
      }
    }
    if (page.user === this.#liar) return;
    if (event.type === 'transport.message') {
      const { callID, from } = event.message;
      const isLie = event.message.type === 'foreign-invite' || this.#scene.lies.has(event.message);
      if (!isLie && from.userID !== this.#liar) this.#noteTakenBack(page, event.message);
      this.#heard.add(`${callID} ${page.device} ${from.userID}`);
    }
    for (const effect of effects) {
      if (effect.type === 'open-link') this.#checkLink(page, effect);
      else if (effect.type === 'signal-link') this.#checkSignal(page, effect);
    }
  }

  /** Who is let in. */
  #noteSent(page: Page, message: Message): void {
    const { callID } = message;
    if (page.user === this.#liar) {
      // By its machine, it places calls.
      if (message.type === 'invite' && message.initiator === this.#liar) this.#placed.add(callID);
      return;
    }
    const own = message.records.find(({ user }) => user === this.#liar);
    if (message.type === 'invite' && message.to.includes(this.#liar)) {
      this.#invited.set(callID, Math.max(own?.round ?? 1, this.#invited.get(callID) ?? 0));
    }
    this.#noteTakenBack(page, message);
    if (message.type === 'select' && message.user === this.#liar && this.#mayLetIn(page, callID)) {
      if (own?.device !== undefined) this.#letIn.add(`${callID} ${own.device}`);
    }
  }

  /** Who was cancelled comes back by a new invitation alone; who declined or missed it may join. */
  #noteTakenBack(page: Page, message: Message): void {
    if (message.type !== 'cancel' || message.user !== this.#liar || message.reason !== 'canceled')
      return;
    const key = `${message.callID} ${page.device}`;
    const round = message.records.find(({ user }) => user === this.#liar)?.round ?? 1;
    this.#takenBack.set(key, Math.max(round, this.#takenBack.get(key) ?? 0));
  }

  /** A message that its sender took with it when it vanished takes nothing back. */
  #mayLetIn(page: Page, callID: string): boolean {
    const invited = this.#invited.get(callID);
    const takenBack = this.#takenBack.get(`${callID} ${page.device}`) ?? 0;
    return invited !== undefined && takenBack < invited;
  }

  /** Who is in a call is told to those alone who are in, or invited. */
  #checkTold(page: Page, message: Message, after: MachineState): void {
    const { callID } = message;
    if (message.type !== 'state' || !message.to.includes(this.#liar)) return;
    // As it stood when this was said: what was heard later in the same step may have changed it.
    const known =
      message.records.find(({ user }) => user === this.#liar) ??
      after.calls.get(callID)?.members.get(this.#liar)?.record;
    const isConcerned =
      known !== undefined &&
      ((isPending(known) && this.#invited.has(callID)) ||
        (known.state === 'in' && this.#mayBeIn(callID, known.device ?? '')));
    const tells = message.records.some(
      ({ user, state }) => user !== this.#liar && user !== page.user && state === 'in',
    );
    if (tells && !isConcerned) this.#violate('liar-told', page, callID);
  }

  #mayBeIn(callID: string, device: string): boolean {
    return this.#letIn.has(`${callID} ${device}`) || this.#placed.has(callID);
  }

  /** Whom this page shows as being in the call is. */
  #checkMembers(page: Page, call: Call): void {
    for (const { record } of call.members.values()) {
      const { user, device } = record;
      const name = call.names.get(user);
      if (name === FALSE_NAME && this.#heard.has(`${call.id} ${page.device} ${user}`)) {
        this.#violate('liar-names', page, `${call.id} ${user}`);
      }
      if (record.state !== 'in' || device === undefined || user === page.user) continue;
      // A stranger who says itself that it is in, and for whom the liar vouches, was brought by the liar: it may invite.
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
    // One that is gone without a word is taken for being there.
    const other = this.#scene.pages().find((each) => each.device === device);
    const phase = other ? (other.state.calls.get(callID)?.phase ?? '') : 'in';
    // Who accepted while offline offers to whoever was in then, until it gives up: nobody answers, and no media flow.
    const isWaiting = page.state.calls.get(callID)?.phase === 'accepting';
    const isLongGone = !isWaiting && !TAKES_PART.test(phase) && since > LEFT_LATELY_MS;
    if (since === Infinity || isLongGone) {
      this.#violate('liar-linked', page, `${callID} to ${device}, which is not in it`);
    }
  }

  /** What reaches a link was said by the device at its other end. */
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

  /** Each once for a page. */
  #violate(kind: string, page: Page, detail: string): void {
    const key = `${kind} ${page.device}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#scene.loop.violate(kind, `${page.device} ${detail}`);
  }
}
