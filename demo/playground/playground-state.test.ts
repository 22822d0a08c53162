import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  readConfig,
  readState,
  START,
  writeState,
  type PlaygroundState,
} from './playground-state.js';

describe('the state of the playground', () => {
  it('is empty at the start', () => {
    assert.equal(writeState(START), '');
    assert.deepEqual(readState(''), START);
  });

  it('is read from the fragment that it is written to', () => {
    const state = {
      ...{ element: 'call-history', scene: 'failed', lang: 'ar', size: 'narrow' },
      scheme: 'dark',
      ...{ attributes: { hidden: '' }, tokens: { '--call-accent': '#f00' }, config: '{"a":1}' },
    } satisfies PlaygroundState;
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
