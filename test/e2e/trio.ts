import type { Person } from './person.js';
import type { Open } from './stage.js';

/** How far a call of three has come. */
export const STAGES = ['all ring', 'one has accepted', 'all talk'] as const;
type Stage = (typeof STAGES)[number];

/** Alice has called Bob and Carol, and it is Bob who accepts first. Each is in another browser process. */
export interface Trio {
  readonly stage: Stage;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
}

/** @param name distinguishes them from those of other calls, which go on in the same three browsers */
export async function openTrio(open: Open, name = '0'): Promise<Omit<Trio, 'stage'>> {
  const sit = (who: string): Promise<Person> => open(`${who}-${name}`, { beside: who });
  const [alice, bob, carol] = await Promise.all([sit('alice'), sit('bob'), sit('carol')]);
  return { alice, bob, carol };
}

/** Brings a call of these three to a stage. */
export async function callTo(
  stage: Stage,
  { alice, bob, carol }: Omit<Trio, 'stage'>,
  callType: 'voice' | 'video' = 'voice',
): Promise<Trio> {
  await alice.send([bob.userID, carol.userID], { callType, timeoutSeconds: 600 });
  for (const person of [bob, carol]) await person.is('incoming');
  if (stage !== 'all ring') {
    await bob.ask('accept');
    for (const person of [alice, bob]) await person.is('active');
  }
  if (stage === 'all talk') {
    await carol.ask('accept');
    await talk(2, alice, bob, carol);
  }
  return { stage, alice, bob, carol };
}

/** All of them are in the call and hear so many others. */
export async function talk(others: number, ...people: Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.is('active', 60_000)));
  await Promise.all(people.map((person) => person.receives('sound', others)));
}

/** Settles when they are out of the call, for whatever reason, and use nothing. */
export async function rest(...people: Person[]): Promise<void> {
  for (const person of people) {
    await person.is('idle');
    await person.releasesEverything();
  }
}
