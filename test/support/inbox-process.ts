import { openDatabase } from '../../server/storage/database.js';
import { Journal } from '../../server/storage/journal.js';
import { openDiskInbox } from '../../server/inbox/disk-inbox.js';

/* An inbox on disk in a separate process that a test can kill. It runs the steps that its parent sends, and
   reports each one after it is stored. */

/** A method of the inbox, with its arguments. */
export interface Step {
  readonly id: number;
  readonly method: 'put' | 'end' | 'seen' | 'answer';
  readonly args: readonly unknown[];
}
/** ID of the step that is stored; -1 means that the process is ready. */
export type StoredStep = number;

const database = await openDatabase(process.argv[2] ?? '');
const inbox = await openDiskInbox(database, new Journal(database));
process.on('message', ({ id, method, args }: Step) => {
  const step = inbox[method] as (...all: readonly unknown[]) => Promise<unknown>;
  void step.apply(inbox, [...args]).then(() => process.send?.(id satisfies StoredStep));
});
process.once('disconnect', () => process.exit());
process.send?.(-1 satisfies StoredStep);
