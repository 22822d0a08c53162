import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/dependencies.mjs';
import { ProcessGroup } from '../support/process-group.js';

/** Where users of an example start its signalling server, and where `script-tag` serves its page and files. */
const usualPorts = { server: '8787', page: '8080' };

/** No questions, and no reports to the authors of the tools. */
const environment = {
  ...process.env,
  CI: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  NG_CLI_ANALYTICS: 'false',
  // Set by the runner of these tests, or for it.
  NODE_ENV: undefined,
  FORCE_COLOR: undefined,
  NODE_OPTIONS: undefined,
};

/** Why nothing can be installed from npm, or false. */
export function withoutNpm(): string | false {
  const { status } = spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=10000']);
  return status === 0 ? false : 'the npm registry cannot be reached';
}

/** Starts npm with a command. */
const startNpm = (folder: string, ...parameters: string[]): ProcessGroup =>
  new ProcessGroup('npm', parameters, { cwd: folder, env: environment });

/** Runs npm to its end. @throws with its output if it fails */
async function npm(folder: string, ...parameters: string[]): Promise<void> {
  const group = startNpm(folder, ...parameters);
  const code = await group.ended;
  await group.end();
  if (code !== 0) throw new Error(`npm ${parameters.join(' ')} failed:\n${group.output}`);
}

/** Packs both packages. @returns the folder with the tarballs */
export async function packPackages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringkit-packed-'));
  const all = ['--workspaces', '--include-workspace-root'];
  await npm(root, 'pack', ...all, '--ignore-scripts', '--pack-destination', folder);
  return folder;
}

/** Occupies a free TCP port, of IPv4 and IPv6, until the server is closed. */
async function occupyPort(): Promise<Server> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): string => String((server.address() as AddressInfo).port);

/** Replaces the usual ports in the files of an example by others. */
async function replacePorts(folder: string, ports: typeof usualPorts): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /node_modules/.test(entry.parentPath)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'utf8');
    const replaced = text
      .replaceAll(`localhost:${usualPorts.server}`, `localhost:${ports.server}`)
      .replaceAll(`127.0.0.1:${usualPorts.page}`, `127.0.0.1:${ports.page}`);
    if (replaced !== text) await writeFile(path, replaced);
  }
}

/** An application of `examples/` in a folder of its own, with its packages from npm and the packed ones. */
export class InstalledExample {
  readonly #folder: string;
  readonly #ports: typeof usualPorts;
  /** The server and the page, once they are started. */
  #groups: readonly ProcessGroup[] = [];

  private constructor(folder: string, ports: typeof usualPorts) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /**
   * Copies the example, installs its packages and builds it, with the commands of `examples/README.md`.
   * @param tarballs the folder of `packPackages()`
   */
  static async install(name: string, tarballs: string): Promise<InstalledExample> {
    const folder = await mkdtemp(join(tmpdir(), `ringkit-example-${name}-`));
    const own =
      /node_modules|[/\\](dist|build|\.next|\.nuxt|\.output|\.astro|\.svelte-kit|\.angular|\.parcel-cache)$/;
    const source = join(root, 'examples', name);
    await cp(source, folder, {
      recursive: true,
      filter: (path) => !own.test(path.slice(source.length)),
    });
    // The build contains the ports: no other program may take them until it has ended.
    const occupied = [await occupyPort(), await occupyPort()] as const;
    try {
      const ports = { server: portOf(occupied[0]), page: portOf(occupied[1]) };
      await replacePorts(folder, ports);
      const packed = (await readdir(tarballs)).map((file) => join(tarballs, file));
      await npm(folder, 'install', ...packed, '--prefer-offline', '--no-audit', '--no-fund');
      await npm(folder, 'run', 'build', '--if-present');
      return new InstalledExample(folder, ports);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    } finally {
      for (const server of occupied) server.close();
    }
  }

  /**
   * Starts the signalling server and the page, and waits until both answer.
   * @param script of the example's `package.json`, which serves the page
   * @returns the address of the page
   */
  async serve(script = 'start', path = '/'): Promise<string> {
    const { server, page } = this.#ports;
    const address = `http://localhost:${page}${path}`;
    await Promise.all([
      this.#start('server', server, `http://localhost:${server}/healthz`),
      this.#start(script, page, address),
    ]);
    return address;
  }

  /** Changes a file of the example, as its author does while the page is open. */
  async edit(file: string, text: string, replacement: string): Promise<void> {
    const path = join(this.#folder, file);
    const content = await readFile(path, 'utf8');
    if (!content.includes(text)) throw new Error(`${file} does not contain "${text}".`);
    await writeFile(path, content.replace(text, replacement));
  }

  /**
   * Replaces files of the example, and builds it again.
   * @param files their paths and contents
   */
  async replaceFiles(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [file, content] of files) await writeFile(join(this.#folder, file), content);
    await replacePorts(this.#folder, this.#ports);
    await npm(this.#folder, 'run', 'build', '--if-present');
  }

  /** The address of the signalling server, once it is started. */
  get signaling(): string {
    return `ws://localhost:${this.#ports.server}`;
  }

  /** Ends all programs. */
  async stop(): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.end()));
    this.#groups = [];
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Starts a script of the example at a port, and waits until the address answers. */
  async #start(script: string, port: string, address: string): Promise<void> {
    const options = ['--port', port, ...(await this.#strict(script))];
    const group = startNpm(this.#folder, 'run', script, '--', ...options);
    this.#groups = [...this.#groups, group];
    const answers = () =>
      fetch(address)
        .then(({ ok }) => ok)
        .catch(() => false);
    const latest = Date.now() + 120_000;
    while (!(await answers())) {
      if (!group.isRunning) throw new Error(`npm run ${script} has ended:\n${group.output}`);
      if (Date.now() > latest) throw new Error(`${address} does not answer:\n${group.output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** @returns the option without which Vite serves at the next port if this one is occupied */
  async #strict(script: string): Promise<readonly string[]> {
    const { scripts } = JSON.parse(await readFile(join(this.#folder, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    return scripts[script]?.startsWith('vite') ? ['--strictPort'] : [];
  }
}
