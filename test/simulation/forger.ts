import type { Delivered, MemberRecord } from '../../src/core/protocol/messages.js';
import type { Page, PageEnvironment } from './device.js';
import type { Forgery } from './schedule.js';
import { SERVER_EPOCH } from './server-model.js';

/** A user outside of all calls, with a malicious device. */
export const STRANGER = { userID: 'M', userName: 'Mallory', deviceID: 'M1' };

/**
 * A user outside of the call who knows its ID sends messages that only a member, the coordinator, the initiator or
 * the server may send. The server stamps the real sender, so these messages must have no effect.
 */
export function forge(
  forgery: Forgery,
  victim: Page,
  { network, loop }: PageEnvironment,
  pages: readonly Page[],
): void {
  const { callID, members, status } = victim.screen;
  if (status === 'idle' || status === 'ended') return;
  const call = victim.state.calls.get(callID);
  for (const page of pages) {
    const { connection } = page;
    if (!connection || connection.dead) continue;
    const records: MemberRecord[] = members.map(({ userID }) => {
      const known = call?.members.get(userID)?.record;
      return known ?? { user: userID, round: 1, state: 'inviting', inviter: userID };
    });
    const message = { ...bodyOf(forgery, page, records), ...envelope(callID, page, loop.now) };
    network.down(connection, STRANGER.deviceID, () => page.receive(message as Delivered));
  }
}

function envelope(callID: string, page: Page, now: number) {
  const at = SERVER_EPOCH + now;
  return {
    v: 1,
    id: `M1-${now}-${page.device}`,
    callID,
    to: [page.user],
    names: [],
    remaining: [],
    from: STRANGER,
    at,
  };
}

function bodyOf(forgery: Forgery, page: Page, known: readonly MemberRecord[]) {
  const user = page.user;
  const as = (state: MemberRecord['state'], device?: string) =>
    known.map((record) => ({
      user: record.user,
      round: record.round,
      inviter: record.inviter,
      state,
      ...(device === undefined ? {} : { device }),
    }));
  switch (forgery) {
    case 'cancel':
      return { type: 'cancel', user, reason: 'canceled', customData: '', records: as('canceled') };
    case 'select':
      return { type: 'select', user, records: as('in', 'M1') };
    case 'end':
      return { type: 'end', reason: 'hung-up', records: [] };
    case 'leave':
      return { type: 'leave', reason: 'hung-up', records: as('left', 'M1') };
    case 'lost': {
      const lost = known.find((record) => record.user !== user)?.device ?? page.device;
      return { type: 'leave', reason: 'connection-lost', lost, records: [] };
    }
    case 'accept':
      return { type: 'accept', round: 1, customData: '', records: as('in', 'M1') };
    case 'roster': {
      const stranger = {
        user: STRANGER.userID,
        round: 1,
        state: 'in',
        device: 'M1',
        inviter: user,
      };
      return { type: 'roster', records: [stranger] };
    }
  }
}
