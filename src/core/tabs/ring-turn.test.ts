import { expect } from '@open-wc/testing';
import { RingTurn } from './ring-turn.js';
import { waitUntil } from '../../../test/support/wait-until.js';

describe('RingTurn', () => {
  let turns: RingTurn[] = [];
  let rang: string[] = [];
  let name = '';

  /** Simulates a page: locks are shared by all pages of an origin, and also within one page. */
  function page(who: string, maySound = true): RingTurn {
    const turn = new RingTurn(name, () => rang.push(who), navigator.locks, maySound);
    turns.push(turn);
    return turn;
  }
  const asked = async (): Promise<number> => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].filter((lock) => lock.name?.endsWith(name)).length;
  };

  beforeEach(() => {
    name = `ann ${crypto.randomUUID()}`;
    rang = [];
  });
  afterEach(() => {
    for (const turn of turns.splice(0)) turn.end();
    turns = [];
  });

  it('gives the turn to one page at a time, and to the next one when that page is closed', async () => {
    const first = page('first');
    page('second');
    await waitUntil(async () => (await asked()) === 2);
    expect(rang).to.deep.equal(['first']);
    first.end();
    await waitUntil(() => rang.length === 2);
    expect(rang).to.deep.equal(['first', 'second']);
  });

  it('prefers a page that may play sound', async () => {
    page('quiet', false);
    page('loud');
    await waitUntil(async () => (await asked()) === 2);
    expect(rang).to.deep.equal(['loud']);
  });

  it('lets a page that may not play sound give its turn away once; the turn returns if no other page waits', async () => {
    const first = page('first');
    await waitUntil(() => rang.length === 1);
    expect(first.giveAway()).to.equal(true);
    await waitUntil(() => rang.length === 2);
    expect(rang).to.deep.equal(['first', 'first']);
    expect(first.giveAway()).to.equal(false);
  });

  it('passes a turn that is given away to a page that waits', async () => {
    const first = page('first');
    page('second');
    await waitUntil(async () => (await asked()) === 2);
    first.giveAway();
    await waitUntil(() => rang.length === 2);
    expect(rang).to.deep.equal(['first', 'second']);
  });

  it('gives no turn to a page whose call has ended', async () => {
    const first = page('first');
    const second = page('second');
    await waitUntil(async () => (await asked()) === 2);
    second.end();
    first.end();
    await waitUntil(async () => (await asked()) === 0);
    expect(rang).to.deep.equal(['first']);
  });

  it('gives every page its turn without Web Locks', () => {
    for (const who of ['first', 'second'])
      turns.push(new RingTurn(name, () => rang.push(who), null));
    expect(rang).to.deep.equal(['first', 'second']);
  });
});
