import { Invitations, type Stretch } from './invitations.js';
import { RawClient } from './raw-client.js';

/*
 * Clients in a process of their own: see generators.ts. It does what its parent asks, and answers each. It ends with
 * its parent.
 */

export type Ask =
  /** Users who do nothing. */
  | { readonly type: 'connect'; readonly urls: readonly string[]; readonly count: number }
  /** Users of whom each calls another one; with several servers, at another one. */
  | { readonly type: 'pair'; readonly urls: readonly string[]; readonly count: number }
  | { readonly type: 'invite'; readonly window: number; readonly ms: number }
  | { readonly type: 'disconnect' };
export type Answer =
  | { readonly type: 'done'; readonly stretch?: Stretch }
  | { readonly type: 'failed'; readonly message: string };

/** Connections that are made at the same time. */
const AT_ONCE = 50;

const { name } = JSON.parse(process.argv[2] ?? '{}') as { readonly name: string };
let clients: RawClient[] = [];
let invitations: Invitations | undefined;

process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());
process.on('message', (ask: Ask) => {
  answer(ask).then(
    (stretch) => process.send?.({ type: 'done', ...(stretch && { stretch }) } satisfies Answer),
    (error: unknown) =>
      process.send?.({ type: 'failed', message: (error as Error).message } satisfies Answer),
  );
});

async function answer(ask: Ask): Promise<Stretch | undefined> {
  switch (ask.type) {
    case 'connect':
      await connect(ask.count, (at) => [urlOf(ask.urls, at), `idle-${name}-${at}`]);
      return;
    case 'pair': {
      await connect(2 * ask.count, (at) => {
        const [number, isCallee] = [at >> 1, at % 2];
        const who = isCallee ? 'callee' : 'caller';
        return [urlOf(ask.urls, number + isCallee), `${who}-${name}-${number}`];
      });
      const pairs = clients.flatMap((caller, at) => {
        const callee = clients[at + 1];
        return callee && at % 2 === 0 ? [{ caller, callee: callee.userID }] : [];
      });
      invitations = new Invitations(pairs, name);
      return;
    }
    case 'invite':
      return invitations?.send(ask.window, ask.ms);
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
      return RawClient.connect(url, userID, (frame) => invitations?.hear(frame));
    });
    clients.push(...(await Promise.all(some)));
  }
}
