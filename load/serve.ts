import { authenticateDemo, authenticateJwt, createCallServer } from '../server/index.js';
import { UNLIMITED } from '../test/support/unlimited.js';
import { collectWhenAsked } from './collect.js';
import { inboxWithoutWrites } from './inbox-without-writes.js';

/*
 * A server in a process of its own, whose limits are out of the way: see server-process.ts. It ends with its parent.
 */

export interface ServeOptions {
  /** What tokens are signed with; without it, users name themselves. */
  readonly tokenSecret?: string;
  readonly dataDir?: string;
  readonly redis?: string;
  /** Invitations are passed on, and kept nowhere: for measuring alone. */
  readonly withoutInbox?: boolean;
}
/** What the parent is told first, or why there is no server. */
export type Started = { readonly url: string } | { readonly failed: string };

// A terminal's Ctrl-C comes to all of its processes: the parent decides what ends when.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());

const { tokenSecret, withoutInbox, ...data } = JSON.parse(process.argv[2] ?? '{}') as ServeOptions;
const tell = (started: Started): void => void process.send?.(started);
try {
  const { url } = await createCallServer({
    ...data,
    ...(withoutInbox && { inbox: inboxWithoutWrites }),
    authenticate:
      tokenSecret === undefined ? authenticateDemo : await authenticateJwt({ secret: tokenSecret }),
    origins: '*',
    port: 0,
    limits: UNLIMITED,
  });
  tell({ url });
} catch (error) {
  tell({ failed: (error as Error).message });
}
collectWhenAsked();
