import { open } from 'node:fs/promises';

/** Resolves when files that were made or renamed in a folder are there after a power failure, too. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders as files, and needs none of this.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
