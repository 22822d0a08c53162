import type { CallConfig } from '../../src/core/service/call-config.js';
import type { CallServerProcess } from '../support/call-server.js';
import type { Person } from './person.js';
import { expect, type Open } from './fixtures.js';

/** Opens a page with the service worker and a list, in a browser that shows notifications. */
export const openNotified = (
  open: Open,
  userID: string,
  {
    parameters,
    config,
    ...options
  }: Parameters<Open>[1] & { config?: Pick<CallConfig, 'missedCall'> } = {},
): Promise<Person> =>
  open(userID, {
    desktop: true,
    ...options,
    parameters: {
      ...{ worker: '/ringkit-worker.js', list: '' },
      ...(config && { config: JSON.stringify(config) }),
      ...parameters,
    },
  });

/** Closes a page, and waits until the server has noticed; until then, the user counts as connected. */
export async function leave(person: Person, server: CallServerProcess): Promise<void> {
  const farewells = async (): Promise<number> =>
    (await server.report()).log.filter(
      (line) => line.includes('disconnected') && line.includes(person.userID),
    ).length;
  const before = await farewells();
  await person.close();
  await expect.poll(farewells).toBeGreaterThan(before);
}

/**
 * Calls and cancels this number of times, while the pages of the callee are open.
 * @returns the call IDs, oldest first, after all were missed
 */
export async function miss(
  caller: Person,
  pages: readonly Person[],
  count = 1,
  options: Parameters<Person['send']>[1] = {},
): Promise<string[]> {
  const [callee] = pages;
  if (!callee) throw new Error('No callee is given.');
  const callIDs: string[] = [];
  while (callIDs.length < count) {
    const { callID } = await caller.send([callee.userID], options);
    callIDs.push(callID);
    for (const page of pages) await page.is('incoming');
    await caller.ask('cancel');
    await caller.is('ended: canceled');
  }
  const missed = async (): Promise<string[]> => {
    const all = await Promise.all(pages.map((page) => page.missedCalls()));
    return callIDs.filter((callID) =>
      all.every((calls) => calls.some((call) => call.callID === callID)),
    );
  };
  await expect.poll(missed, { message: `missed by ${callee.userID}` }).toEqual(callIDs);
  return callIDs;
}

/** Waits until both have accepted and are connected: the callee by the button. */
export async function accept(caller: Person, callee: Person): Promise<void> {
  await callee.is('incoming');
  await callee.press('accept-button');
  for (const person of [caller, callee]) await person.is('active');
}

/** Hangs up, and waits until the call has ended for all of them. */
export async function hangUp(person: Person, ...others: Person[]): Promise<void> {
  await person.ask('hangUp');
  for (const each of [person, ...others]) await each.is('idle');
}

/** Runs the default action of a clicked missed call, in a page that handles clicks itself. */
export const runDefaultAction = (person: Person): Promise<void> =>
  person.page.evaluate(() =>
    (window as unknown as { defaultAction: () => Promise<void> }).defaultAction(),
  );
