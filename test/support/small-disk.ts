import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real file system of a few megabytes, which can be filled completely. */
export class SmallDisk {
  readonly path: string;

  constructor(megabytes: number) {
    this.path = mkdtempSync(join(tmpdir(), 'ringkit-disk-'));
    try {
      const options = `size=${String(megabytes)}m,mode=700`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', this.path], { stdio: 'pipe' });
    } catch (error) {
      rmSync(this.path, { recursive: true });
      throw error;
    }
  }

  /** Fills the disk completely. */
  async fill(): Promise<void> {
    const file = await open(join(this.path, 'ballast'), 'a');
    const block = Buffer.alloc(65_536, 1);
    try {
      // The last write is partial.
      while ((await file.write(block)).bytesWritten > 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  }

  /** Removes the fill. */
  async free(): Promise<void> {
    await rm(join(this.path, 'ballast'));
  }

  remove(): void {
    // A process that was just killed may keep a file open for a short time.
    execFileSync('umount', ['--lazy', this.path], { stdio: 'pipe' });
    rmSync(this.path, { recursive: true });
  }
}

/** Why tests that need their own disk are skipped; `false` if one can be mounted. */
export const withoutSmallDisk: string | false = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can mount a disk';
  try {
    new SmallDisk(1).remove();
    return false;
  } catch {
    return 'no disk can be mounted here';
  }
})();
