import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { OPTIONS, readSettings, SettingsError, USAGE, variableOf } from './settings.js';

describe('readSettings', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'ringkit-settings-'))));
  after(() => rmSync(folder, { recursive: true }));
  const file = (content: unknown) => {
    const path = join(folder, 'config.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  it('prefers the command line to the environment, and the environment to the file', () => {
    const config = file({ port: 1, host: 'file', 'jwt-secret': 'file', demo: true });
    const env = { RINGKIT_CONFIG: config, RINGKIT_HOST: 'env', RINGKIT_PORT: '2' };
    const { port, host, 'jwt-secret': secret, demo } = readSettings(['--port', '3'], env);
    assert.deepEqual([port, host, secret, demo], ['3', 'env', 'file', true]);
    assert.equal(readSettings(['--config', file({ port: 4 })], { RINGKIT_CONFIG: 'x' }).port, '4');
  });

  it('reads lists, and gives options without a value their documented value', () => {
    const args = ['--origin', 'https://a', '--origin', 'https://b', '--trust-proxy', '--host'];
    const read = readSettings(args, { RINGKIT_ORIGIN: 'https://c', RINGKIT_TURN_URL: 'a, b' });
    assert.deepEqual(read.origin, ['https://a', 'https://b']);
    assert.deepEqual(read['turn-url'], ['a', 'b']);
    assert.deepEqual([read['trust-proxy'], read.host], ['1', '0.0.0.0']);
    assert.deepEqual(readSettings(['--config', file({ origin: 'https://d' })], {}).origin, [
      'https://d',
    ]);
    assert.equal(readSettings([], { RINGKIT_DEMO: '0' }).demo, false);
  });

  it('reads switches as on or off', () => {
    for (const value of ['off', '0', 'false']) {
      assert.equal(readSettings(['--history', value], {}).history, 'off');
      assert.equal(readSettings([], { RINGKIT_HISTORY: value }).history, 'off');
    }
    assert.equal(readSettings(['--config', file({ history: false })], {}).history, 'off');
    assert.equal(readSettings(['--config', file({ history: true })], {}).history, 'on');
    assert.equal(readSettings([], {}).history, undefined);
    for (const [args, env] of [
      [['--history', 'never'], {}],
      [[], { RINGKIT_HISTORY: 'never' }],
      [['--config', file({ history: 7 })], {}],
    ] as [string[], Record<string, string>][]) {
      assert.throws(() => readSettings(args, env), /must be on or off/);
    }
  });

  it('reads limits from the file', () => {
    const limits = { devicesPerUser: 3, messages: { points: 5, seconds: 6 } };
    assert.deepEqual(readSettings(['--config', file({ limits })], {}).limits, limits);
  });

  it('rejects invalid settings with a sentence that contains no secret', () => {
    const config = (content: unknown) => ['--config', file(content)];
    const wrong: [string[], Record<string, string>, RegExp][] = [
      [['--wrong'], {}, /--wrong/],
      [['--data-dir', ''], {}, /--data-dir must not be empty/],
      [['--data-dir'], {}, /data-dir/],
      [['--origin', ''], {}, /--origin/],
      [[], { RINGKIT_DEMO: 'yes' }, /RINGKIT_DEMO/],
      [['--config', join(folder, 'none')], {}, /ENOENT/],
    ];
    for (const [args, env, message] of wrong) {
      assert.throws(() => readSettings(args, env), { message }, args.join(' '));
    }
    const contents: [unknown, RegExp][] = [
      ['{"jwt-secret": "hidden" oops', /not JSON/],
      [[], /object/],
      [{ 'jwt-secrets': 'hidden' }, /"jwt-secrets"/],
      [{ help: true }, /"help"/],
      [{ demo: 'yes' }, /"demo" must be true or false/],
      [{ 'jwt-secret': ['hidden'] }, /"jwt-secret" must be a string/],
      [{ origin: [7] }, /"origin" must be a list/],
      [{ limits: { __proto__: null, toString: 7 } }, /unknown limit "toString"/],
      [{ limits: { devicesPerUser: 0 } }, /"devicesPerUser" must be a positive integer/],
      [{ limits: { messages: 5 } }, /"messages" must be/],
      [{ limits: { messages: { points: 1 } } }, /"messages" must be/],
    ];
    for (const [content, message] of contents) {
      assert.throws(
        () => readSettings(config(content), {}),
        (error: unknown) => {
          assert.ok(error instanceof SettingsError);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /hidden/);
          return true;
        },
      );
    }
  });

  it('documents every option in the usage text and in docs/server.md', () => {
    const docs = readFileSync(new URL('../docs/server.md', import.meta.url), 'utf8');
    for (const name of Object.keys(OPTIONS)) {
      assert.match(USAGE, new RegExp(`^ {2}--${name} `, 'm'));
      if (name !== 'help') assert.ok(docs.includes(`\`--${name}\``), name);
    }
    assert.equal(variableOf('turn-url'), 'RINGKIT_TURN_URL');
  });
});
