import { authenticateDemo, authenticateJwt, createCallServer } from '../server/index.js';
import { UNLIMITED } from '../test/support/unlimited.js';
import { collectWhenAsked } from './collect.js';
import { inboxWithoutWrites } from './inbox-without-writes.js';

/*
 * A server with practically unlimited rate limits, in a separate process; see server-process.ts. It exits with its parent.
 */

export interface ServeOptions {
  /** Secret that signs tokens; without it, the server accepts every user ID. */
  readonly tokenSecret?: string;
  readonly dataDir?: string;
  readonly redis?: string;
  /** Invitations are delivered, but not stored. For measurements only. */
  readonly withoutInbox?: boolean;
}
/** The first message to the parent: the URL, or why the server can't start. */
export type Started = { readonly url: string } | { readonly failed: string };

// Ctrl-C in a terminal reaches all processes: the parent decides when this one exits.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());

const { tokenSecret, withoutInbox, ...data } = JSON.parse(process.argv[2] ?? '{}') as ServeOptions;
const send = (started: Started): void => void process.send?.(started);
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
  send({ url });
} catch (error) {
  send({ failed: (error as Error).message });
}
collectWhenAsked();
