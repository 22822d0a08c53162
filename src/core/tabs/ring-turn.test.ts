import { expect, waitUntil } from '@open-wc/testing';
import { RingTurn } from './ring-turn.js';

describe('whose turn it is to ring', () => {
  let turns: RingTurn[] = [];
  let rang: string[] = [];
  let name = '';

  /** A page of the same browser: locks are shared by all pages of an origin, and by all askers in one. */
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

  it('is one page at a time, and the next one when that is gone', async () => {
    const first = page('first');
    page('second');
    await waitUntil(async () => (await asked()) === 2);
    expect(rang).to.deep.equal(['first']);
    first.end();
    await waitUntil(() => rang.length === 2);
    expect(rang).to.deep.equal(['first', 'second']);
  });

  it('is first of one that may sound', async () => {
    page('quiet', false);
    page('loud');
    await waitUntil(async () => (await asked()) === 2);
    expect(rang).to.deep.equal(['loud']);
  });

  it('is given away once by a page that may not sound, and comes back when nobody else waits', async () => {
    const first = page('first');
    await waitUntil(() => rang.length === 1);
    expect(first.giveAway()).to.equal(true);
    await waitUntil(() => rang.length === 2);
    expect(rang).to.deep.equal(['first', 'first']);
    expect(first.giveAway()).to.equal(false);
  });

  it('goes to the one that waits when it is given away', async () => {
    const first = page('first');
    page('second');
    await waitUntil(async () => (await asked()) === 2);
    first.giveAway();
    await waitUntil(() => rang.length === 2);
    expect(rang).to.deep.equal(['first', 'second']);
  });

  it('is not taken by a page whose call is over', async () => {
    const first = page('first');
    const second = page('second');
    await waitUntil(async () => (await asked()) === 2);
    second.end();
    first.end();
    await waitUntil(async () => (await asked()) === 0);
    expect(rang).to.deep.equal(['first']);
  });

  it('is everybody’s without Web Locks', () => {
    for (const who of ['first', 'second'])
      turns.push(new RingTurn(name, () => rang.push(who), null));
    expect(rang).to.deep.equal(['first', 'second']);
  });
});
