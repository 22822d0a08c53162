import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// The system's Python, because system packages are installed only for it.
const PYTHON = '/usr/bin/python3';

/** A bus that starts no services by itself. */
const busConfig = (path: string): string => `<busconfig>
  <type>session</type>
  <listen>unix:path=${path}</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>`;

/** A message of the service. */
type ServiceEvent =
  | ['ready']
  | ['shown', id: number, title: string, body: string, actions: string[]]
  | ['closed', id: number];

interface Shown {
  readonly title: string;
  readonly body: string;
  /** Keys by label. */
  readonly actions: ReadonlyMap<string, string>;
}

/** Why notification tests cannot run on this machine; undefined if they can. */
export function missingForNotifications(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux desktops use D-Bus';
  if (spawnSync('dbus-daemon', ['--version']).status !== 0) return 'dbus-daemon is not installed';
  if (spawnSync(PYTHON, ['-c', 'import dbus, gi']).status !== 0)
    return `${PYTHON} lacks the modules dbus and gi (package python3-dbusmock provides both)`;
  return undefined;
}

/** A desktop notification service on its own bus. Its clicks count as user activation. */
export class NotificationService {
  /** Environment variables for browsers. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #processes: readonly ChildProcess[];
  readonly #shown = new Map<number, Shown>();
  readonly #service: ChildProcess;

  private constructor(folder: string, bus: ChildProcess, service: ChildProcess) {
    this.#folder = folder;
    this.#service = service;
    this.#processes = [service, bus];
    this.env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'bus')}` };
  }

  static async start(): Promise<NotificationService> {
    const folder = await mkdtemp(join(tmpdir(), 'ringkit-bus-'));
    const config = join(folder, 'bus.conf');
    const address = `unix:path=${join(folder, 'bus')}`;
    await writeFile(config, busConfig(join(folder, 'bus')));
    const bus = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await firstLine(bus);
    const script = fileURLToPath(new URL('notification-service.py', import.meta.url));
    const service = spawn(PYTHON, [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
    });
    const started = new NotificationService(folder, bus, service);
    await started.#listen(service);
    return started;
  }

  /** Titles of the notifications that are shown, oldest first. */
  get titles(): string[] {
    return [...this.#shown.values()].map(({ title }) => title);
  }

  /** Clicks the newest notification with this title, or its button with this label. */
  click(title: string, label?: string): void {
    const [id, shown] =
      [...this.#shown].findLast(([, one]) => one.title === title) ?? ([] as [number?, Shown?]);
    const action = label === undefined ? 'default' : shown?.actions.get(label);
    if (action === undefined) throw new Error(`There is no "${label ?? ''}" of "${title}".`);
    this.#service.stdin?.write(`${JSON.stringify([id, action])}\n`);
  }

  async close(): Promise<void> {
    for (const each of this.#processes) {
      const gone = once(each, 'exit');
      if (each.kill()) await gone;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Resolves when the service is ready. */
  #listen(service: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      service.once('exit', () => reject(new Error('The notification service has ended.')));
      if (!service.stdout) return;
      createInterface({ input: service.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as ServiceEvent;
        if (line[0] === 'ready') resolve();
        else if (line[0] === 'closed') this.#shown.delete(line[1]);
        else {
          const [, id, title, body, actionPairs] = line;
          const actions = new Map<string, string>();
          for (let index = 0; index < actionPairs.length; index += 2)
            actions.set(actionPairs[index + 1] ?? '', actionPairs[index] ?? '');
          this.#shown.set(id, { title, body, actions });
        }
      });
    });
  }
}

async function firstLine(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('The bus has not started.');
  });
  if (child.stdout) await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => {});
}
