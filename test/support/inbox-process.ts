import { openDatabase } from '../../server/storage/database.js';
import { Journal } from '../../server/storage/journal.js';
import { openDiskInbox } from '../../server/inbox/disk-inbox.js';

/*
 * An inbox on disk in a process of its own, to be killed. It does what its parent asks, and says when that is kept.
 */

/** A method of the inbox, with its arguments. */
export interface Step {
  readonly id: number;
  readonly method: 'put' | 'end' | 'seen' | 'answer';
  readonly args: readonly unknown[];
}
/** That step is kept; -1: it may start. */
export type Kept = number;

const database = await openDatabase(process.argv[2] ?? '');
const inbox = await openDiskInbox(database, new Journal(database));
process.on('message', ({ id, method, args }: Step) => {
  const step = inbox[method] as (...all: readonly unknown[]) => Promise<unknown>;
  void step.apply(inbox, [...args]).then(() => process.send?.(id satisfies Kept));
});
process.once('disconnect', () => process.exit());
process.send?.(-1 satisfies Kept);
