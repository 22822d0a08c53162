import type { Person } from './person.js';
import type { Open } from './fixtures.js';

/** How far a group call of three has come. */
export const PROGRESS_STEPS = ['all ring', 'one has accepted', 'all talk'] as const;
type Progress = (typeof PROGRESS_STEPS)[number];

/** Alice has called Bob and Carol. Bob accepts first. Each one has a separate browser context. */
export interface Trio {
  readonly progress: Progress;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
}

/** @param name distinguishes these users from those of other calls in the same three browsers */
export async function openTrio(open: Open, name = '0'): Promise<Omit<Trio, 'progress'>> {
  const openUser = (who: string): Promise<Person> => open(`${who}-${name}`, { beside: who });
  const [alice, bob, carol] = await Promise.all([
    openUser('alice'),
    openUser('bob'),
    openUser('carol'),
  ]);
  return { alice, bob, carol };
}

/** Brings the call of these three to this point. */
export async function callTo(
  progress: Progress,
  { alice, bob, carol }: Omit<Trio, 'progress'>,
  callType: 'voice' | 'video' = 'voice',
): Promise<Trio> {
  await alice.send([bob.userID, carol.userID], { callType, timeoutSeconds: 600 });
  for (const person of [bob, carol]) await person.is('incoming');
  if (progress !== 'all ring') {
    await bob.ask('accept');
    for (const person of [alice, bob]) await person.is('active');
  }
  if (progress === 'all talk') {
    await carol.ask('accept');
    await expectConnected(2, alice, bob, carol);
  }
  return { progress, alice, bob, carol };
}

/** Waits until all are in the call and receive sound on this number of links. */
export async function expectConnected(others: number, ...people: Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.is('active', 60_000)));
  await Promise.all(people.map((person) => person.receives('sound', others)));
}

/** Resolves when they are out of the call, for whatever reason, and use no resources. */
export async function expectReleased(...people: Person[]): Promise<void> {
  for (const person of people) {
    await person.is('idle');
    await person.releasesEverything();
  }
}
