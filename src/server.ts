/**
 * `ringkit/server`: re-exports the package `ringkit-server` under its former name, from when both were one package.
 * New code imports `ringkit-server`.
 */
import type * as Server from 'ringkit-server';

// eslint-disable-next-line no-restricted-syntax -- ringkit-server has the list of its exports.
export type * from 'ringkit-server';
export type DataError = Server.DataError;
export type MemoryInbox = Server.MemoryInbox;

async function loadServer(): Promise<typeof Server> {
  try {
    return await import('ringkit-server');
  } catch (error) {
    // An error inside that package is rethrown unchanged.
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'ringkit-server'")) throw error;
    throw new Error(
      'ringkit/server needs the package ringkit-server, which is not installed: npm install ringkit-server',
      { cause: error },
    );
  }
}

export const {
  authenticateDemo,
  authenticateJwt,
  createCallServer,
  DataError,
  lineLogger,
  MemoryInbox,
} = await loadServer();
