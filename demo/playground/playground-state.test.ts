import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig, readState, START, writeState } from './playground-state.js';

describe('the state of the playground', () => {
  it('is empty at the start', () => {
    assert.equal(writeState(START), '');
    assert.deepEqual(readState(''), START);
  });

  it('is read from the fragment that it is written to', () => {
    const state = {
      ...{ element: 'call-history', scene: 'failed', scheme: 'dark', lang: 'ar', size: 'narrow' },
      ...{ attributes: { hidden: '' }, tokens: { '--call-accent': '#f00' }, config: '{"a":1}' },
    } as const;
    assert.deepEqual(readState(`#${writeState(state)}`), state);
  });

  it('ignores a colour scheme that does not exist', () => {
    assert.equal(readState('#scheme=blue').scheme, '');
  });

  it('has a config only if its text is a JSON object', () => {
    assert.deepEqual(readConfig('{"maxMembers": 4}'), { maxMembers: 4 });
    for (const text of ['', '{', '3', 'null']) assert.equal(readConfig(text), undefined, text);
  });
});
