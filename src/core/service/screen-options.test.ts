import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readScreenOptions } from './screen-options.js';

describe('options of a shared screen', () => {
  const read = (config?: unknown, options?: unknown, reported: string[] = []) =>
    readScreenOptions(config as never, options as never, ({ code, message }) =>
      reported.push(`${code} ${message}`),
    );

  it('has defaults, which config.screen and then the options of the call replace', () => {
    assert.deepEqual(read(), { sound: true, contentHint: 'detail' });
    assert.deepEqual(read({ sound: false }), { sound: false, contentHint: 'detail' });
    assert.deepEqual(read({ sound: false }, { contentHint: 'motion' }), {
      ...{ sound: false, contentHint: 'motion' },
    });
    assert.deepEqual(read({ sound: false }, { sound: true }), {
      ...{ sound: true, contentHint: 'detail' },
    });
  });

  it('reports invalid values of config.screen, and uses the defaults', () => {
    const reported: string[] = [];
    const options = read({ sound: 'yes', contentHint: 'text', other: 1 }, undefined, reported);
    assert.deepEqual(options, { sound: true, contentHint: 'detail' });
    assert.deepEqual(reported, [
      'invalid-argument config.screen.sound: true or false',
      'invalid-argument config.screen.contentHint: detail or motion',
    ]);
  });

  it('rejects invalid options of the call', () => {
    assert.throws(() => read({}, { contentHint: 'text' }), {
      code: 'invalid-argument',
      message: 'options.contentHint: detail or motion',
    });
  });
});
