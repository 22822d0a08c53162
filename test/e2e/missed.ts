import type { CallConfig } from '../../src/core/service/types.js';
import type { CallServerProcess } from '../support/call-server.js';
import type { Person } from './person.js';
import { expect, type Open } from './stage.js';

/** A page with the kit's worker and a list, in a browser that shows notifications. */
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

/** Closes a page, and waits until the server has noticed: until then it counts as there. */
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
 * Somebody calls and gives up, so many times; the callee's pages are there.
 * @returns the callIDs, oldest first, once all were missed
 */
export async function miss(
  caller: Person,
  pages: readonly Person[],
  count = 1,
  options: Parameters<Person['send']>[1] = {},
): Promise<string[]> {
  const [callee] = pages;
  if (!callee) throw new Error('Somebody has to miss the calls.');
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

/** Both accept and are connected: the callee by the button. */
export async function accept(caller: Person, callee: Person): Promise<void> {
  await callee.is('incoming');
  await callee.press('accept-button');
  for (const person of [caller, callee]) await person.is('active');
}

/** The call is over for all of them. */
export async function hangUp(person: Person, ...others: Person[]): Promise<void> {
  await person.ask('hangUp');
  for (const each of [person, ...others]) await each.is('idle');
}

/** Runs what a click on a missed call does by itself, in a page that was asked instead. */
export const runDefaultAction = (person: Person): Promise<void> =>
  person.page.evaluate(() =>
    (window as unknown as { defaultAction: () => Promise<void> }).defaultAction(),
  );
