import type { InvitationState } from '../../src/core/protocol/push.js';
import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import type { Bus } from '../routing/bus.js';
import type { CallHistories } from '../routing/call-histories.js';
import { isParticipating } from '../calls/call-knowledge.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Metrics } from '../observability/metrics.js';
import type { Presence } from '../presence/presence.js';
import { ofServer, type Stamp } from '../messages/stamp.js';
import type { Claim } from './ticket.js';
import type { TicketActions } from './ticket-requests.js';

interface PushDeclineDependencies {
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly metrics: Pick<Metrics, 'decided'>;
  /** Undefined if the server keeps no call histories. */
  readonly histories?: Pick<CallHistories, 'declined'> | undefined;
}

/** Handles requests with tickets: declines an invitation for a user without connected devices, and reports its state. */
export class PushDeclineHandler implements TicketActions {
  readonly #parts: PushDeclineDependencies;

  constructor(parts: PushDeclineDependencies) {
    this.#parts = parts;
  }

  async state({ userID, callID, round }: Claim): Promise<InvitationState> {
    const { inbox, stamp } = this.#parts;
    const open = (await inbox.openFor(userID)).find((one) => one.callID === callID);
    if (open?.round === round) {
      return { state: 'ringing', remainingMs: Math.max(0, open.expiresAt - stamp()) };
    }
    // A later round is a separate invitation, so this one has ended.
    if (open) return { state: 'missed' };
    const settled = (await inbox.settled(userID)).find((one) => one.callID === callID);
    // An unknown invitation has expired. `answered` makes the worker close its notification without a missed call.
    return { state: settled?.how === 'ended' ? 'missed' : 'answered' };
  }

  /** Declines an invitation. No effect if it is not open any more. */
  async decline(claim: Claim): Promise<InvitationState> {
    const { presence, inbox, bus, stamp, metrics, histories } = this.#parts;
    const { userID, callID, round } = claim;
    const open = (await inbox.openFor(userID)).find((one) => one.callID === callID);
    if (open?.round !== round) return this.state(claim);
    await histories?.declined({ userID, deviceID: SERVER_DEVICE }, callID);
    if (await inbox.answer(userID, callID, round)) metrics.decided('declined');
    const { invite, message } = open;
    const inviter = message.from.userID;
    const { userName = userID } = invite.names.find((name) => name.userID === userID) ?? {};
    const declined = ofServer(
      {
        type: 'decline',
        callID,
        to: [],
        records: [{ user: userID, round, state: 'declined', inviter }],
        round,
        reason: 'declined',
        customData: '',
      },
      { userID, userName },
      stamp(),
    );
    const member = { round, state: 'declined' as const, inviter };
    const { members, named } = await presence.call(callID);
    await presence.note(callID, { members: new Map([[userID, member]]) });
    const users = [...members].flatMap(([user, one]) => (isParticipating(one) ? [user] : []));
    const others = [...named].flatMap(([user, names]) => (names.has(userID) ? [user] : []));
    for (const user of new Set([...users, ...others, inviter, userID])) {
      await bus.publish(user, { message: { ...declined, to: [user] } });
    }
    return this.state(claim);
  }
}
