import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of each package of the repository. */
const folders = { ringkit: root, 'ringkit-server': join(root, 'server') };
export type PackageName = keyof typeof folders;

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** The content of node_modules after an installation. */
export interface InstalledPackages {
  readonly packages: readonly string[];
  readonly megabytes: number;
}

/** Runs a program to its end. Never rejects, because its output tells the test more than its exit code. */
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

/** Paths of all files in a folder, relative to it. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** A project with packed packages installed in it, as from a registry. */
export class Consumer {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Creates an empty folder and installs this package in it. */
  static async install(name: PackageName): Promise<Consumer> {
    const consumer = new Consumer(await mkdtemp(join(tmpdir(), 'ringkit-consumer-')));
    await consumer.write('package.json', JSON.stringify({ private: true, type: 'module' }));
    await consumer.add(name);
    return consumer;
  }

  /** Packs another package and installs it, too. */
  async add(name: PackageName): Promise<void> {
    const { folder } = this;
    const before = new Set(await readdir(folder));
    await npm(['pack', '--ignore-scripts', '--pack-destination', folder], folders[name]);
    const tarballs = (await readdir(folder)).filter((file) => !before.has(file));
    assert.equal(tarballs.length, 1);
    const options = ['--prefer-offline', '--no-audit', '--no-fund'];
    await npm(['install', ...tarballs.map((file) => `./${file}`), ...options], folder);
  }

  /** The folder of an installed package. */
  installed(name: string): string {
    return join(this.folder, 'node_modules', name);
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** Runs a module of the project in a new process. */
  async runModule(name: string, text: string): Promise<Outcome> {
    await this.write(name, text);
    return run(process.execPath, [name], this.folder);
  }

  async footprint(): Promise<InstalledPackages> {
    const modules = join(this.folder, 'node_modules');
    const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as {
      packages: Readonly<Record<string, unknown>>;
    };
    let bytes = 0;
    for (const file of await filesOf(modules)) bytes += (await stat(join(modules, file))).size;
    return {
      packages: Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')),
      megabytes: bytes / 1e6,
    };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
