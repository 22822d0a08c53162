import { expect } from '@open-wc/testing';
import { answerPauses } from './answer-pauses.js';

function createPlayer() {
  const player = new Audio();
  const state = { now: 0, wanted: true, paused: true, log: [] as string[] };
  Object.defineProperty(player, 'paused', { get: () => state.paused });
  answerPauses(
    player,
    {
      isWanted: () => state.wanted,
      play: () => state.log.push('play'),
      giveUp: () => state.log.push('give up'),
    },
    () => state.now,
  );
  return { state, pause: () => player.dispatchEvent(new Event('pause')) };
}

describe('answerPauses', () => {
  it('plays again after each pause', () => {
    const { state, pause } = createPlayer();
    pause();
    state.now = 1_000;
    pause();
    expect(state.log).to.deep.equal(['play', 'play']);
  });

  it('gives up if the player is paused again within a second', () => {
    const { state, pause } = createPlayer();
    pause();
    state.now = 999;
    pause();
    state.now = 1_998;
    pause();
    state.now = 2_998;
    pause();
    expect(state.log).to.deep.equal(['play', 'give up', 'give up', 'play']);
  });

  it('does not answer a pause of the page, or of a player that plays by now', () => {
    const { state, pause } = createPlayer();
    state.wanted = false;
    pause();
    Object.assign(state, { wanted: true, paused: false });
    pause();
    expect(state.log).to.deep.equal([]);
  });
});
