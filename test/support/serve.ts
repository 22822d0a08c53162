import { Agent } from 'node:https';
import {
  authenticateDemo,
  authenticateJwt,
  createCallServer,
  lineLogger,
  MemoryInbox,
} from '../../server/index.js';
import type { CallServer, CallServerOptions } from '../../server/index.js';
import { InboxEntries } from '../../server/inbox/inbox-entries.js';
import { DEFAULT_LIMITS } from '../../server/limits/limits.js';

/*
 * A server in a process of its own, for tests: see call-server.ts. It ends with its parent.
 */

/** What the parent may ask for; each is answered by a `Report`. */
export type Command = 'report' | 'restart' | 'stop';
export interface Report {
  readonly url: string;
  readonly refused: CallServer['refused'];
  /** Debug lines so far. */
  readonly log: readonly string[];
  /** Open connections, the one to listen at not counted. */
  readonly connections: number;
}
export type ServeOptions = Pick<
  CallServerOptions,
  | 'port'
  | 'path'
  | 'origins'
  | 'vanishAfterMs'
  | 'connectTimeoutMs'
  | 'limits'
  | 'trustedProxies'
  | 'redis'
  | 'turn'
  | 'tls'
> & {
  /** This user is not let in. */
  readonly refusedUser?: string;
  /** The one push service that may be pushed to, and the certificate that it is known by. */
  readonly pushService?: { readonly origin: string; readonly ca: string };
  /** Users prove who they are with tokens. */
  readonly jwt?: { readonly secret: string };
  /** How large its heap may grow, in MB. Default: as large as Node has it. */
  readonly maxHeapMB?: number;
  /** Callers and whom they may not call. */
  readonly barred?: Readonly<Record<string, readonly string[]>>;
};

const {
  refusedUser,
  pushService,
  jwt,
  barred,
  maxHeapMB: _,
  ...options
} = JSON.parse(process.argv[2] ?? '{}') as ServeOptions;
const log: string[] = [];
const logger = lineLogger((line) => log.push(line), 'debug');
const entries = new InboxEntries(undefined, { ...DEFAULT_LIMITS, ...options.limits });
const inbox = new MemoryInbox(Date.now, { entries });
const authenticate = jwt ? await authenticateJwt(jwt) : authenticateDemo;

const reach = pushService && {
  allows: (endpoint: string) => endpoint.startsWith(`${pushService.origin}/`),
  agent: new Agent({ ca: pushService.ca }),
};

const start = (port: number) =>
  createCallServer({
    origins: '*',
    ...options,
    ...(barred && { mayCall: (from, to) => !barred[from]?.includes(to) }),
    port,
    // Redis keeps its own.
    ...(options.redis === undefined && { inbox }),
    logger,
    ...(reach && { push: { reach } }),
    authenticate: (credentials) =>
      credentials.userID === refusedUser
        ? Promise.resolve({ ok: false, message: 'This user is not let in.' })
        : authenticate(credentials),
  });

let server = await start(options.port ?? 0);
const report = () => {
  const { url, refused } = server;
  const connections = process
    .getActiveResourcesInfo()
    .filter((resource) => resource === 'TCPSocketWrap').length;
  process.send?.({ url, refused, log, connections } satisfies Report);
};
async function obey(command: Command): Promise<void> {
  if (command !== 'report') await server.close();
  if (command === 'stop') {
    process.disconnect();
    return;
  }
  // With the inbox kept, as one on disk would be.
  if (command === 'restart') server = await start(Number(new URL(server.url).port));
  report();
}
process.on('message', (command: Command) => void obey(command));
process.once('disconnect', () => process.exit());
report();
