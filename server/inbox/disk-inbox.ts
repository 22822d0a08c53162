import type { Database } from '../storage/database.js';
import { keyPart, type Journal } from '../storage/journal.js';
import type { InboxChange } from './inbox-change.js';
import { InboxEntries } from './inbox-entries.js';
import type { InboxLimits } from './inbox-budget.js';
import { unwritten, written, type Invitation } from './inbox.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import { MemoryInbox } from './memory-inbox.js';

/** First part of the keys of inboxes: `i!<kind>!<user>!<callID>`. */
const PART = 'i';

/**
 * Opens an inbox that survives a restart. It works in memory. Each method resolves when its changes are on disk or, while
 * the disk is not writable, when they are queued to be written later.
 * @throws the error of the database if the stored entries can't be read
 */
export async function openDiskInbox(
  database: Pick<Database, 'readAll'>,
  journal: Journal,
  now: () => number = Date.now,
  limits: InboxLimits = DEFAULT_LIMITS,
): Promise<MemoryInbox> {
  const entries = new InboxEntries((change) => {
    const { kind, userID, callID, entry } = change;
    const key = [PART, kind, keyPart(userID), keyPart(callID)].join('!');
    journal.record(key, entry && mapInvitation(change, written));
  }, limits);
  const stored = (await database.readAll(PART)) as InboxChange[];
  for (const change of stored.sort((a, b) => timeOf(a) - timeOf(b))) {
    entries.restore(mapInvitation(change, unwritten));
  }
  const inbox = new MemoryInbox(now, { entries, store: journal });
  await inbox.expire();
  return inbox;
}

/** When an entry was created, in ms since the epoch. */
function timeOf({ kind, entry }: InboxChange): number {
  if (!entry) return 0;
  return kind === 'open' ? entry.invitation.receivedAt : entry.at;
}

/** The same change, with its invitation (if there is one) mapped to another form. */
function mapInvitation(change: InboxChange, map: (invitation: Invitation) => object): InboxChange {
  const { entry } = change;
  if (!entry || !('invitation' in entry) || !entry.invitation) return change;
  return { ...change, entry: { ...entry, invitation: map(entry.invitation) } } as InboxChange;
}
