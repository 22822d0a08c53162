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

/* A server in a separate process for tests; see call-server.ts. It ends with its parent. */

/** Commands of the parent. Each is answered with a `Report`. */
export type Command = 'report' | 'restart' | 'renew' | 'stop';
export interface Report {
  readonly url: string;
  readonly refused: CallServer['refused'];
  /** Debug log lines so far. */
  readonly log: readonly string[];
  /** Number of open connections, without the listening socket. */
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
  | 'dataDir'
  | 'history'
  | 'turn'
  | 'tls'
> & {
  /** A user whose connections are rejected. */
  readonly rejectedUser?: string;
  /** The only push service to which pushes are allowed, and its certificate. */
  readonly pushService?: { readonly origin: string; readonly ca: string };
  /** If set, users authenticate with tokens. */
  readonly jwt?: { readonly secret: string };
  /** Maximum size of the heap in MB. Default: the default of Node. */
  readonly maxHeapMB?: number;
  /** Callers, with the users whom they may not call. */
  readonly blocked?: Readonly<Record<string, readonly string[]>>;
};

const {
  rejectedUser: rejectedUser,
  pushService,
  jwt,
  blocked: blocked,
  maxHeapMB: _,
  ...options
} = JSON.parse(process.argv[2] ?? '{}') as ServeOptions;
const log: string[] = [];
const logger = lineLogger((line) => log.push(line), 'debug');
const newInbox = (): MemoryInbox =>
  new MemoryInbox(Date.now, {
    entries: new InboxEntries(undefined, { ...DEFAULT_LIMITS, ...options.limits }),
  });
let inbox = newInbox();
const authenticate = jwt ? await authenticateJwt(jwt) : authenticateDemo;

const reach = pushService && {
  allows: (endpoint: string) => endpoint.startsWith(`${pushService.origin}/`),
  agent: new Agent({ ca: pushService.ca }),
};

const start = (port: number) =>
  createCallServer({
    origins: '*',
    ...options,
    ...(blocked && { mayCall: (from, to) => !blocked[from]?.includes(to) }),
    port,
    // With Redis or a data folder, the inbox is stored there.
    ...(options.redis === undefined && options.dataDir === undefined && { inbox }),
    logger,
    ...(reach && { push: { reach } }),
    authenticate: (credentials) =>
      credentials.userID === rejectedUser
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
  // The inbox is kept, like one on disk.
  if (command === 'restart') server = await start(Number(new URL(server.url).port));
  if (command === 'renew') {
    log.length = 0;
    inbox = newInbox();
    server = await start(0);
  }
  report();
}
process.on('message', (command: Command) => void obey(command));
process.once('disconnect', () => process.exit());
report();
