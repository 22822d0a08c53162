import { isBack } from '../../src/core/machine/call.js';
import type { MachineEvent } from '../../src/core/machine/events.js';
import type { Call, MachineState } from '../../src/core/machine/types.js';
import type { Page } from './device.js';

const keyOf = (page: Page, callID: string): string => `${callID} ${page.device}`;

/** Which pages have come back into a call, and whether the attacker has replied since then that they are in. */
export class Replies {
  readonly #liar: string;
  /** When each page has entered each call, and when the attacker has replied last that it is in. */
  readonly #enteredAt = new Map<string, number>();
  readonly #repliedAt = new Map<string, number>();

  constructor(liar: string) {
    this.#liar = liar;
  }

  step(
    page: Page,
    now: number,
    before: MachineState,
    after: MachineState,
    event: MachineEvent,
  ): void {
    for (const [id, { phase }] of after.calls)
      if (phase === 'in' && before.calls.get(id)?.phase !== 'in')
        this.#enteredAt.set(keyOf(page, id), now);
    if (event.type !== 'transport.message' || event.message.type !== 'state') return;
    const { callID, from, records } = event.message;
    const { members } = before.calls.get(callID) ?? {};
    const own = members?.get(page.user)?.record;
    const isConfirmed = records.some(
      ({ user, state, round, device }) =>
        user === page.user && state === 'in' && round === own?.round && device === page.device,
    );
    const sender = members?.get(this.#liar)?.record;
    const isFromMember = sender?.state === 'in' && sender.device === from.deviceID;
    if (from.userID === this.#liar && isFromMember && isConfirmed)
      this.#repliedAt.set(keyOf(page, callID), now);
  }

  /** Whether this page has just come back into this call, and has no reply of the attacker yet. */
  isAwaitedBy(page: Page, call: Call): boolean {
    const key = keyOf(page, call.id);
    const since = page.connection?.since ?? Infinity;
    const wasIn = (this.#enteredAt.get(key) ?? Infinity) < since;
    const hasReply = (this.#repliedAt.get(key) ?? -Infinity) >= since;
    return wasIn && !hasReply && isBack({ ...page.state, now: page.now }, call);
  }
}
