import { Audience } from '../calls/audience.js';
import type { CallMessage } from '../calls/authority.js';
import type { Contacts } from './contacts.js';
import type { Quotas } from '../limits/quotas.js';
import { relayed, withOwnRecord, withVerifiedNames, type Relay } from '../calls/relayed.js';
import { stamped, type Stamped } from '../messages/stamp.js';

interface DeliveryDependencies {
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'contactQuestion'>;
}

/** Messages that stop the ringing. They are delivered even if the recipient blocks the sender by now. */
const TYPES_THAT_STOP_RINGING = new Set<CallMessage['type']>(['cancel', 'leave', 'end']);

/** Determines which recipients get which version of a message that is not an invitation. */
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
  const blocked =
    unbound.length > 0 ? await contacts.blocked(sender.userID, unbound, mayAsk) : new Set();
  const deliveries = new Map<string, Stamped>();
  const stamp = (content: CallMessage) => stamped(content, sender, at);
  let whole: Stamped | undefined;
  for (const [user, share] of shares) {
    if (blocked.has(user) && !(share === 'all' && TYPES_THAT_STOP_RINGING.has(message.type)))
      continue;
    if (user === sender.userID) deliveries.set(user, stamp(withVerifiedNames(step)));
    else if (share === 'all') deliveries.set(user, (whole ??= stamp(relayed(step))));
    else deliveries.set(user, stamp(withOwnRecord(step, user)));
  }
  return deliveries;
}
