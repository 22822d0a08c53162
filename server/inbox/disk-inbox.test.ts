import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { compile } from '../../scripts/compile.js';
import { inboxContract, invitationAt } from '../../test/contract/inbox.js';
import type { StoredStep, Step } from '../../test/support/inbox-process.js';
import { openDatabase, type Database } from '../storage/database.js';
import { Journal } from '../storage/journal.js';
import { openDiskInbox } from './disk-inbox.js';
import type { Inbox } from './inbox.js';

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringkit-inbox-'));
  folders.push(folder);
  return folder;
};
const calls = (entries: readonly { callID: string }[]) => entries.map(({ callID }) => callID);
const databases = new Set<Database>();
const open = async (folder: string, now?: () => number) => {
  const database = await openDatabase(folder);
  databases.add(database);
  return { database, inbox: await openDiskInbox(database, new Journal(database), now) };
};

afterEach(async () => {
  for (const database of databases) await database.close();
  databases.clear();
});
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

inboxContract('the inbox on disk', async (now) => (await open(await newFolder(), now)).inbox);

/** Reopen the database before each of the first steps of a test, then before every 100th step, to save time. */
const REOPENED = 25;

inboxContract('the inbox on disk, reopened before each step,', async (now) => {
  const folder = await newFolder();
  let done = await open(folder, now);
  let steps = 0;
  const reopen = async () => {
    if (steps++ < REOPENED || steps % 100 === 0) {
      await done.database.close();
      databases.delete(done.database);
      done = await open(folder, now);
    }
    return done.inbox;
  };
  return new Proxy(done.inbox, {
    get(_target, method: keyof Inbox | 'then') {
      if (method === 'then') return undefined;
      return async (...args: unknown[]) => {
        const inbox = await reopen();
        return (inbox[method] as (...all: unknown[]) => unknown).apply(inbox, args);
      };
    },
  });
});

/** Starts a process that opens the inbox in a folder. */
async function start(folder: string) {
  const program = compile(new URL('../../test/support/inbox-process.ts', import.meta.url));
  const child = fork(program, [folder], { execArgv: [] });
  const done = new Set<StoredStep>();
  child.on('message', (id: StoredStep) => done.add(id));
  const until = async (id: StoredStep) => {
    while (!done.has(id)) await once(child, 'message');
  };
  await until(-1);
  let serial = 0;
  return {
    done,
    until,
    /** Requests one step. @returns its number */
    ask(method: Step['method'], ...args: unknown[]): number {
      serial += 1;
      child.send({ id: serial, method, args } satisfies Step);
      return serial;
    },
    /** Kills the process. Resolves when no more messages from it can arrive. */
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe('an inbox on disk after its process is killed', () => {
  const now = Date.now();
  const ended = { reason: 'timeout', at: now, fresh: true };

  it('contains every acknowledged change', async () => {
    const folder = await newFolder();
    const child = await start(folder);
    for (const callID of ['open', 'missed', 'seen', 'dismissed', 'answered']) {
      child.ask('put', invitationAt(now, callID));
    }
    for (const callID of ['missed', 'seen', 'dismissed']) child.ask('end', 'bob', callID, ended);
    child.ask('seen', 'bob', ['seen'], false);
    child.ask('answer', 'bob', 'answered', 1);
    await child.until(child.ask('seen', 'bob', ['dismissed'], true));
    await child.kill();

    const { inbox } = await open(folder);
    const invitation = invitationAt(now, 'open');
    const [done] = await inbox.openFor('bob');
    assert.deepEqual({ ...done, invite: 0, message: 0 }, { ...invitation, invite: 0, message: 0 });
    assert.deepEqual(calls(await inbox.openIn('open')), ['open']);
    assert.deepEqual(await inbox.handled('bob'), { seen: ['seen'], dismissed: ['dismissed'] });
    const missed = await inbox.tell('bob', now);
    assert.deepEqual(
      new Map(missed.map(({ invitation: { callID }, fresh }) => [callID, fresh])),
      new Map([
        ['missed', true],
        ['seen', false],
      ]),
    );
    const settled = new Map((await inbox.settled('bob')).map(({ callID, how }) => [callID, how]));
    assert.equal(settled.get('answered'), 'answered');
    assert.equal(settled.size, 4);
  });

  it('contains every acknowledged change when others were in progress', async () => {
    const folder = await newFolder();
    const child = await start(folder);
    const users = Array.from({ length: 300 }, (_, index) => `user-${String(index)}`);
    const puts = users.map((user) => child.ask('put', invitationAt(now, 'c', user)));
    await child.until(puts[60] ?? 0);
    await child.kill();

    const { inbox } = await open(folder);
    const acknowledged = users.filter((_, index) => child.done.has(puts[index] ?? 0));
    assert.ok(acknowledged.length > 60);
    for (const user of acknowledged) assert.equal((await inbox.openFor(user)).length, 1, user);
  });
});

describe('the inbox on disk', () => {
  it('removes expired entries when it is opened', async () => {
    const folder = await newFolder();
    let now = 1_000_000;
    const first = await open(folder, () => now);
    await first.inbox.put(invitationAt(now, 'c'));
    await first.inbox.end('bob', 'c', { reason: 'timeout', at: now, fresh: true });
    assert.equal((await first.database.readAll('i')).length, 2);
    await first.database.close();
    now += 31 * 24 * 3_600_000;
    const second = await open(folder, () => now);
    assert.deepEqual(await second.database.readAll('i'), []);
  });

  it('keeps users and calls apart whatever characters their IDs contain', async () => {
    const folder = await newFolder();
    const names = ['a', 'a!b', 'a%21b', 'ä', '\\ud800', '\ud800', '\ud801', '"'];
    const first = await open(folder);
    for (const user of names) {
      for (const callID of names) await first.inbox.put(invitationAt(Date.now(), callID, user));
    }
    await first.database.close();
    const { inbox } = await open(folder);
    for (const user of names) {
      assert.deepEqual(new Set(calls(await inbox.openFor(user))), new Set(names));
    }
  });
});
