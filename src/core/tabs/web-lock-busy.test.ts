import { expect, waitUntil } from '@open-wc/testing';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import { createWebLockBusy } from './web-lock-busy.js';

describe('WebLockBusy', () => {
  let name = '';
  let lines: CrossTabBusy[] = [];

  beforeEach(() => {
    name = `local: ann ${crypto.randomUUID()}`;
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.close();
    lines = [];
    await waitUntil(async () => (await locks()).length === 0);
  });

  /** @returns the locks with this name that are held or requested */
  async function locks(): Promise<LockInfo[]> {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].filter((lock) => lock.name?.includes(name));
  }

  /** Simulates a page: locks and channels are shared by all pages of an origin, and also within one page. */
  function page(of = name): { line: CrossTabBusy; told: (string | undefined)[] } {
    const line = createWebLockBusy(of) as CrossTabBusy;
    const told: (string | undefined)[] = [];
    line.open((callID) => told.push(callID));
    lines.push(line);
    return { line, told };
  }

  it('reports to the other pages which call a page is in, and when it has ended', async () => {
    const [first, second, third] = [page(), page(), page()];
    first.line.hold('c1');
    first.line.hold('c1');
    for (const { told } of [second, third]) await waitUntil(() => told.at(-1) === 'c1');
    first.line.hold(undefined);
    for (const { told } of [second, third]) await waitUntil(() => told.at(-1) === undefined);
    expect([first.told, second.told, third.told]).to.deep.equal([
      [],
      ['c1', undefined],
      ['c1', undefined],
    ]);
  });

  it('reports the call to a page that is opened later', async () => {
    page().line.hold('c1');
    await waitUntil(async () => (await locks()).length === 1);
    const later = page();
    await waitUntil(() => later.told.length === 1);
    expect(later.told).to.deep.equal(['c1']);
  });

  it('reports the call of a third page when that of the second one has ended', async () => {
    const [first, second, third] = [page(), page(), page()];
    first.line.hold('c1');
    await waitUntil(() => third.told.length === 1);
    second.line.hold('c2');
    await waitUntil(() => first.told.includes('c2'));
    first.line.hold(undefined);
    await waitUntil(() => third.told.at(-1) === 'c2');
    expect(third.told).to.deep.equal(['c1', 'c2']);
    expect(first.told).to.deep.equal(['c2']);
  });

  it('reports no call when the page that was in a call is closed', async () => {
    const [first, second] = [page(), page()];
    first.line.hold('c1');
    await waitUntil(() => second.told.length === 1);
    first.line.close();
    await waitUntil(() => second.told.length === 2);
    expect(second.told).to.deep.equal(['c1', undefined]);
  });

  it('does not report the call of another user whose name has the same beginning', async () => {
    const [first, other] = [page(), page(`${name} b`)];
    first.line.hold('b c1');
    const own = page();
    await waitUntil(() => own.told.length === 1);
    expect(other.told).to.be.empty;
  });

  it('reports nothing after it is closed', async () => {
    const [first, second] = [page(), page()];
    second.line.close();
    first.line.hold('c1');
    const third = page();
    await waitUntil(() => third.told.length === 1);
    expect(second.told).to.be.empty;
  });
});
