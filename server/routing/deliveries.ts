import { Audience } from '../calls/audience.js';
import type { CallMessage } from '../calls/authority.js';
import type { Contacts } from './contacts.js';
import type { Quotas } from '../limits/quotas.js';
import { relayed, withOwnRecord, withProvedNames, type Relay } from '../calls/relayed.js';
import { stamped, type Stamped } from '../messages/stamp.js';

interface DeliveryDependencies {
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'contactQuestion'>;
}

/** What stops a ringing device reaches it also from one who may not call any more. */
const STOPPING = new Set<CallMessage['type']>(['cancel', 'leave', 'end']);

/** What goes to whom of a message that is no invitation. */
export async function deliveriesOf(
  step: Relay,
  { contacts, quotas }: DeliveryDependencies,
): Promise<ReadonlyMap<string, Stamped>> {
  const { sender, message, at, authorization, call } = step;
  const audience = new Audience(sender, message, call, authorization.changes);
  const shares = new Map(
    [...new Set(message.to)].flatMap((user) => {
      const share = audience.shareOf(user);
      return share === 'none' ? [] : [[user, share] as const];
    }),
  );
  const mayAsk = async () => (await quotas.contactQuestion(sender.userID)) === 0;
  const unbound = [...shares.keys()].filter((user) => !audience.isBound(user));
  const held =
    unbound.length > 0 ? await contacts.blocked(sender.userID, unbound, mayAsk) : new Set();
  const deliveries = new Map<string, Stamped>();
  const say = (said: CallMessage) => stamped(said, sender, at);
  let whole: Stamped | undefined;
  for (const [user, share] of shares) {
    if (held.has(user) && !(share === 'all' && STOPPING.has(message.type))) continue;
    if (user === sender.userID) deliveries.set(user, say(withProvedNames(step)));
    else if (share === 'all') deliveries.set(user, (whole ??= say(relayed(step))));
    else deliveries.set(user, say(withOwnRecord(step, user)));
  }
  return deliveries;
}
