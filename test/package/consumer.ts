import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

let ownFolder: Promise<string> | undefined;

/** A folder that the processes of a run of `npm test` share. A process of another program has its own. */
function sharedFolder(): Promise<string> {
  const given = process.env['SHARED_FOLDER'];
  if (given !== undefined) return Promise.resolve(given);
  ownFolder ??= mkdtemp(join(tmpdir(), 'ringkit-shared-')).then((folder) => {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  });
  return ownFolder;
}

/**
 * A folder with this content, which is made once in a run, as packing and installing take seconds. Nobody may change it.
 * If two processes need it at the same time, both make it, and one result is used.
 */
async function shared(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const parent = await sharedFolder();
  const path = join(parent, name);
  if (await stat(path).catch(() => undefined)) return path;
  const folder = await mkdtemp(join(parent, `${name}-`));
  await make(folder);
  await rename(folder, path).catch(async (error: unknown) => {
    if (!(await stat(path).catch(() => undefined))) throw error;
    await rm(folder, { recursive: true, force: true });
  });
  return path;
}

/** The tarball of a package. */
async function tarballOf(name: PackageName): Promise<string> {
  const folder = await shared(`packed-${name}`, (destination) =>
    npm(['pack', '--ignore-scripts', '--pack-destination', destination], folders[name]),
  );
  const tarballs = await readdir(folder);
  assert.equal(tarballs.length, 1);
  return join(folder, tarballs[0] ?? '');
}

/** Installs a package in a project, as from a registry. */
async function installIn(folder: string, name: PackageName): Promise<void> {
  const tarball = await tarballOf(name);
  await cp(tarball, join(folder, basename(tarball)));
  const options = ['--prefer-offline', '--no-audit', '--no-fund'];
  await npm(['install', `./${basename(tarball)}`, ...options], folder);
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

  /** A new project in which only this package is installed. */
  static async install(name: PackageName): Promise<Consumer> {
    const installed = await shared(`installed-${name}`, async (folder) => {
      const text = JSON.stringify({ private: true, type: 'module' });
      await writeFile(join(folder, 'package.json'), text);
      await installIn(folder, name);
    });
    const consumer = new Consumer(await mkdtemp(join(tmpdir(), 'ringkit-consumer-')));
    // Links of npm, such as those in `.bin`, stay relative.
    await cp(installed, consumer.folder, { recursive: true, verbatimSymlinks: true });
    return consumer;
  }

  /** Installs another package, too. */
  add(name: PackageName): Promise<void> {
    return installIn(this.folder, name);
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
