import type { Sender } from '../src/core/protocol/messages.js';
import { Audience } from './audience.js';
import type { CallMessage } from './authority.js';
import type { Contacts } from './contacts.js';
import type { Quotas } from './quotas.js';
import { forOwnDevices, relayed, withOwnRecord, type Relay } from './relayed.js';
import type { Stamped } from './stamp.js';

interface Parts {
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'question'>;
}
interface Sent extends Relay {
  readonly sender: Sender;
}

/** What stops a ringing device reaches it also from one who may not call any more. */
const STOPPING = new Set<CallMessage['type']>(['cancel', 'leave', 'end']);

/** What goes to whom of a message that is no invitation. */
export async function deliveriesOf(
  step: Sent,
  { contacts, quotas }: Parts,
): Promise<ReadonlyMap<string, Stamped>> {
  const { sender, message, authorization, call } = step;
  const audience = new Audience(sender, message, call, authorization.changes);
  const shares = new Map(
    [...new Set(message.to)].flatMap((user) => {
      const share = audience.shareOf(user);
      return share === 'none' ? [] : [[user, share] as const];
    }),
  );
  const mayAsk = async () => (await quotas.question(sender.userID)) === 0;
  const unbound = [...shares.keys()].filter((user) => !audience.isBound(user));
  const held =
    unbound.length > 0 ? await contacts.barred(sender.userID, unbound, mayAsk) : new Set();
  const deliveries = new Map<string, Stamped>();
  let whole: Stamped | undefined;
  for (const [user, share] of shares) {
    if (held.has(user) && !(share === 'all' && STOPPING.has(message.type))) continue;
    if (user === sender.userID) deliveries.set(user, forOwnDevices(step));
    else if (share === 'all') deliveries.set(user, (whole ??= relayed(step)));
    else deliveries.set(user, withOwnRecord(step, user));
  }
  return deliveries;
}
