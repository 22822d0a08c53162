import type { Page } from '@playwright/test';
import { inTime, type Browsers, type Group } from './browsers.js';
import { mergeMarks } from './marks.js';
import type { Mark } from './pages/page.js';
import type { MeshPage, MeshWay, Traffic } from './pages/mesh-page.js';
import type { Contestant } from './rounds.js';

type MeshWindow = typeof globalThis & { mesh: MeshPage };

/** Time-out in ms; long, because many pages run on few cores. */
const PATIENCE_MS = 60_000;

export interface Entry {
  readonly name: string;
  readonly way: MeshWay;
  readonly signaling: string;
  /** A camera of 720 lines with a usual frame rate, instead of a small one that costs hardly anything. */
  readonly hasLargeCamera?: boolean;
  /** Without a limit to what is sent, except those of the browser. */
  readonly isUnlimited?: boolean;
  /** The kit of the other build. */
  readonly isOther?: boolean;
}

/** A group call with video on every link. */
export interface Mesh extends Group {
  /** Time from the last accept until a frame was decoded on every link at both ends, in ms. */
  readonly took: number;
  /** Time of the last accept, in ms since the epoch. */
  readonly acceptedAt: number;
}

let calls = 0;

/** Opens a page for each member. All invitees accept at the same time. */
export async function openMesh(
  { way, signaling, hasLargeCamera = false, isUnlimited = false, isOther = false }: Entry,
  size: number,
  site: string,
  browsers: Browsers,
): Promise<Mesh> {
  calls += 1;
  // Different users in each round, so that rounds can't affect each other.
  const users = Array.from({ length: size }, (_, index) => `${way}-${calls}-${index}`);
  const more = {
    ...(hasLargeCamera && { camera: 'large' }),
    ...(isUnlimited && { limits: 'off' }),
    ...(isOther && { kit: 'other' }),
  };
  const group = await browsers.openGroup(
    users.map((user) => {
      const query = new URLSearchParams({ user, signaling, way, ...more });
      return `${site}mesh.html?${query.toString()}`;
    }),
    hasLargeCamera ? 'many' : 'few',
  );
  try {
    return { ...group, ...(await connect(group.pages, users)) };
  } catch (error) {
    await group.close();
    const details = group.faults.length > 0 ? ` (${group.faults.join('; ')})` : '';
    throw new Error(`${error instanceof Error ? error.message : String(error)}${details}`, {
      cause: error,
    });
  }
}

async function connect(
  pages: readonly Page[],
  users: readonly string[],
): Promise<Pick<Mesh, 'took' | 'acceptedAt'>> {
  const [caller, ...callees] = pages;
  if (!caller) throw new Error('A mesh needs a caller.');
  const all = <T>(what: string, work: Promise<T>[]): Promise<T[]> =>
    inTime(what, Promise.all(work), PATIENCE_MS);
  await all(
    'ready',
    pages.map((page) => page.evaluate(ready)),
  );
  await all('called', [caller.evaluate(call, users.slice(1))]);
  await all(
    'ringing',
    callees.map((page) => page.evaluate(rung)),
  );
  await all(
    'rest',
    pages.map((page) => page.evaluate(atRest)),
  );
  const accepted = await all(
    'accept',
    callees.map((page) => page.evaluate(accept)),
  );
  const links = pages.length - 1;
  const shown = await all(
    'pictures',
    pages.map((page) => page.evaluate(pictures, links)),
  );
  const acceptedAt = Math.max(...accepted);
  return { took: Math.max(...shown) - acceptedAt, acceptedAt };
}

/**
 * Measures how long a call of this size takes to connect.
 * @param trace gets the marks of all pages, in order, in ms from the last accept
 */
export function meshOf(
  entry: Entry,
  size: number,
  site: string,
  browsers: Browsers,
  trace?: (name: string, marks: readonly Mark[]) => void,
): Contestant<number> {
  const name = `${entry.name}, ${size}`;
  return {
    name,
    async round() {
      const mesh = await openMesh(entry, size, site, browsers);
      trace?.(name, await marksOf(mesh));
      await mesh.close();
      return mesh.took;
    },
  };
}

async function marksOf({ pages, acceptedAt }: Mesh): Promise<readonly Mark[]> {
  const marks = await Promise.all(pages.map((page) => page.evaluate(readMarks)));
  const named = marks.map((each, member) => [`member ${member}`, each] as const);
  return mergeMarks(Object.fromEntries(named), acceptedAt);
}

// The following functions run in the pages.
const ready = (): Promise<void> => (globalThis as MeshWindow).mesh.ready();
const call = (users: readonly string[]): Promise<void> =>
  (globalThis as MeshWindow).mesh.call(users);
const rung = (): Promise<void> => (globalThis as MeshWindow).mesh.rung();
const atRest = (): Promise<void> => (globalThis as MeshWindow).mesh.atRest();
const accept = (): number => (globalThis as MeshWindow).mesh.accept();
const pictures = (links: number): Promise<number> =>
  (globalThis as MeshWindow).mesh.pictures(links);
/** Number of renders of elements so far. Used by idle.ts. */
export const renders = (): number => (globalThis as MeshWindow).mesh.renders();
/** Bytes that the page has sent and received so far. Used by call-load.ts. */
export const traffic = (): Promise<Traffic> => (globalThis as MeshWindow).mesh.traffic();
const readMarks = (): readonly Mark[] => (globalThis as MeshWindow).mesh.marks();
