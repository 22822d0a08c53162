import { open } from 'node:fs/promises';

/** Resolves when new and renamed files in a folder will survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can't open folders as files, and does not need this.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
