/**
 * Runs one program of the tests, and ends all processes that it has started.
 */
import { spawn } from 'node:child_process';
import { root } from './dependencies.mjs';

/**
 * The running process groups.
 * @type {Set<import('node:child_process').ChildProcess>}
 */
const running = new Set();

/** @param {import('node:child_process').ChildProcess} child */
function end(child) {
  if (child.pid === undefined) return;
  try {
    // Ends the whole group, including browsers.
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    running.forEach(end);
    process.exit(130);
  });
}

/**
 * @param {string} script path of the program, relative to the root of the repository
 * @param {string[]} parameters
 * @param {{ env?: Record<string, string>, limitMs: number }} options the program is killed after `limitMs`
 * @returns {Promise<{ done: boolean, output: string }>} `done`: the program ended with code 0
 */
export function runProgram(script, parameters, { env = {}, limitMs }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...parameters], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A separate process group, so that all of its processes can be killed.
      detached: process.platform !== 'win32',
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    const timer = setTimeout(() => {
      output += `\nKilled after ${String(limitMs / 1000)} seconds.\n`;
      end(child);
    }, limitMs);
    /** @param {boolean} done */
    const finish = (done) => {
      clearTimeout(timer);
      running.delete(child);
      end(child);
      resolve({ done, output });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}
