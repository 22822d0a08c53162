import { Invitations, type Period } from './invitations.js';
import { RawClient } from './raw-client.js';

/*
 * Clients in a separate process; see generators.ts. It executes commands of its parent, answers each one, and exits with its
 * parent.
 */

export type Command =
  /** Connects idle users. */
  | { readonly type: 'connect'; readonly urls: readonly string[]; readonly count: number }
  /** Connects pairs of users who call each other; with several servers, on different ones. */
  | { readonly type: 'pair'; readonly urls: readonly string[]; readonly count: number }
  | { readonly type: 'invite'; readonly window: number; readonly ms: number }
  | { readonly type: 'disconnect' };
export type Answer =
  | { readonly type: 'done'; readonly stretch?: Period }
  | { readonly type: 'failed'; readonly message: string };

/** Connections that are established at the same time. */
const AT_ONCE = 50;

const { name } = JSON.parse(process.argv[2] ?? '{}') as { readonly name: string };
let clients: RawClient[] = [];
let invitations: Invitations | undefined;

process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());
process.on('message', (command: Command) => {
  answer(command).then(
    (stretch) => process.send?.({ type: 'done', ...(stretch && { stretch }) } satisfies Answer),
    (error: unknown) =>
      process.send?.({ type: 'failed', message: (error as Error).message } satisfies Answer),
  );
});

async function answer(command: Command): Promise<Period | undefined> {
  switch (command.type) {
    case 'connect':
      await connect(command.count, (at) => [urlOf(command.urls, at), `idle-${name}-${at}`]);
      return;
    case 'pair': {
      await connect(2 * command.count, (at) => {
        const [number, isCallee] = [at >> 1, at % 2];
        const who = isCallee ? 'callee' : 'caller';
        return [urlOf(command.urls, number + isCallee), `${who}-${name}-${number}`];
      });
      const pairs = clients.flatMap((caller, at) => {
        const callee = clients[at + 1];
        return callee && at % 2 === 0 ? [{ caller, callee: callee.userID }] : [];
      });
      invitations = new Invitations(pairs, name);
      return;
    }
    case 'invite':
      return invitations?.send(command.window, command.ms);
    case 'disconnect':
      for (const client of clients) client.close();
      clients = [];
      invitations = undefined;
      return;
  }
}

const urlOf = (urls: readonly string[], at: number): string => urls[at % urls.length] ?? '';

async function connect(
  count: number,
  who: (at: number) => readonly [url: string, userID: string],
): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => {
      const [url, userID] = who(from + at);
      return RawClient.connect(url, userID, (frame) => invitations?.receive(frame));
    });
    clients.push(...(await Promise.all(some)));
  }
}
