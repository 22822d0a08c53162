import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { ProcessGroup } from './process-group.js';

/** Why the tests that need a sound device are skipped; `false` if PulseAudio is installed. */
export const withoutSoundServer = ((): string | false => {
  try {
    execFileSync('pulseaudio', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'PulseAudio is not installed';
  }
})();

/** A PulseAudio server whose only device discards all sound, for browsers that run no audio graph without one. */
export class SoundServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sound-'));
  readonly #socket = join(this.#folder, 'native');
  readonly #process: ProcessGroup;

  constructor() {
    this.#process = new ProcessGroup(
      'pulseaudio',
      [
        ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no'],
        ...['-L', 'module-null-sink rate=48000'],
        ...['-L', `module-native-protocol-unix socket=${this.#socket}`],
      ],
      { env: { ...process.env, XDG_RUNTIME_DIR: this.#folder, HOME: this.#folder } },
    );
  }

  /** The environment of programs that use it. Resolves when it accepts connections. */
  async environment(): Promise<Readonly<Record<string, string>>> {
    await eventually(async () => existsSync(this.#socket), 'the sound server is ready');
    return { PULSE_SERVER: `unix:${this.#socket}` };
  }

  async end(): Promise<void> {
    await this.#process.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
