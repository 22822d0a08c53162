import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { startProxy } from './proxy-server.js';

const skip = process.platform === 'win32' && 'this system has no process groups';

describe('the start of a proxy', { skip }, () => {
  /** Starts Node as the proxy. @returns the folder of its files, and why it could not be started */
  const start = async (code: (httpsPort: number) => string, timeoutMs?: number) => {
    let used = '';
    const started = startProxy(
      'test-proxy',
      ({ folder, httpsPort }) => {
        used = folder;
        return {
          program: process.execPath,
          parameters: ['-e', code(httpsPort)],
          readCertificate: () => '',
        };
      },
      timeoutMs,
    );
    const error = await started.then(
      () => assert.fail('It was started.'),
      (reason: unknown) => reason as Error,
    );
    return { folder: used, error };
  };

  it('ends one that does not answer in time, and removes its files', async () => {
    const { folder, error } = await start(
      (port) => `
        console.log(process.pid);
        require('node:net').createServer(() => {}).listen(${port}, '127.0.0.1');`,
      3_000,
    );
    const [, id = ''] = /^test-proxy does not answer:\n(\d+)\n$/.exec(error.message) ?? [];
    assert.notEqual(id, '', error.message);
    assert.throws(() => process.kill(Number(id), 0), { code: 'ESRCH' });
    assert.equal(existsSync(folder), false);
  });

  it('fails with the output of one that ends, and removes its files', async () => {
    const { folder, error } = await start(() => `console.error('no such site'); process.exit(1);`);
    assert.equal(error.message, 'test-proxy has ended:\nno such site\n');
    assert.equal(existsSync(folder), false);
  });
});
