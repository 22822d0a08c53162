import { expect } from '@open-wc/testing';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import { createWebLockBusy } from './web-lock-busy.js';
import { waitUntil } from '../../../test/support/wait-until.js';

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
  function page(of = name): { line: CrossTabBusy; reported: (string | undefined)[] } {
    const line = createWebLockBusy(of) as CrossTabBusy;
    const reported: (string | undefined)[] = [];
    line.open((callID) => reported.push(callID));
    lines.push(line);
    return { line, reported };
  }

  it('reports to the other pages which call a page is in, and when it has ended', async () => {
    const [first, second, third] = [page(), page(), page()];
    first.line.hold('c1');
    first.line.hold('c1');
    for (const { reported } of [second, third]) await waitUntil(() => reported.at(-1) === 'c1');
    first.line.hold(undefined);
    for (const { reported } of [second, third])
      await waitUntil(() => reported.at(-1) === undefined);
    expect([first.reported, second.reported, third.reported]).to.deep.equal([
      [],
      ['c1', undefined],
      ['c1', undefined],
    ]);
  });

  it('reports the call to a page that is opened later', async () => {
    page().line.hold('c1');
    await waitUntil(async () => (await locks()).length === 1);
    const later = page();
    await waitUntil(() => later.reported.length === 1);
    expect(later.reported).to.deep.equal(['c1']);
  });

  it('reports the call of a third page when that of the second one has ended', async () => {
    const [first, second, third] = [page(), page(), page()];
    first.line.hold('c1');
    await waitUntil(() => third.reported.length === 1);
    second.line.hold('c2');
    await waitUntil(() => first.reported.includes('c2'));
    first.line.hold(undefined);
    await waitUntil(() => third.reported.at(-1) === 'c2');
    expect(third.reported).to.deep.equal(['c1', 'c2']);
    expect(first.reported).to.deep.equal(['c2']);
  });

  it('reports no call when the page that was in a call is closed', async () => {
    const [first, second] = [page(), page()];
    first.line.hold('c1');
    await waitUntil(() => second.reported.length === 1);
    first.line.close();
    await waitUntil(() => second.reported.length === 2);
    expect(second.reported).to.deep.equal(['c1', undefined]);
  });

  it('does not report the call of another user whose name has the same beginning', async () => {
    const [first, other] = [page(), page(`${name} b`)];
    first.line.hold('b c1');
    const own = page();
    await waitUntil(() => own.reported.length === 1);
    expect(other.reported).to.be.empty;
  });

  it('reports nothing after it is closed', async () => {
    const [first, second] = [page(), page()];
    second.line.close();
    first.line.hold('c1');
    const third = page();
    await waitUntil(() => third.reported.length === 1);
    expect(second.reported).to.be.empty;
  });
});
