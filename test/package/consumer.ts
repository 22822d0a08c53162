import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end. Never rejects: what it says tells the test more than its code does. */
export function run(program: string, parameters: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, parameters, { cwd, timeout: 240_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

async function npm(parameters: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await run('npm', parameters, cwd);
  if (code !== 0) throw new Error(`npm ${parameters.join(' ')} failed:\n${output}`);
}

/** A project of somebody else, with the packed package installed in it as from a registry. */
export class Consumer {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  static async install(): Promise<Consumer> {
    const consumer = new Consumer(await mkdtemp(join(tmpdir(), 'ringkit-consumer-')));
    const { folder } = consumer;
    await npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
    const [tarball = ''] = await readdir(folder);
    await consumer.write('package.json', JSON.stringify({ private: true, type: 'module' }));
    await npm(['install', `./${tarball}`, '--prefer-offline', '--no-audit', '--no-fund'], folder);
    return consumer;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** Runs a module of the project in a new process. */
  async runModule(name: string, text: string): Promise<Outcome> {
    await this.write(name, text);
    return run(process.execPath, [name], this.folder);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
