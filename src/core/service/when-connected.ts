import type { Clock } from '../ports/clock.js';
import { CallError } from './call-error.js';
import type { Stores } from './stores.js';

/** How long a command waits for a connection that is being established, in ms. */
const CONNECT_WAIT_MS = 10_000;

/** Waits for the connection while it is being established. @throws {CallError} `not-connected` */
export const whenConnected = (
  { $connection }: Pick<Stores, '$connection'>,
  clock: Pick<Clock, 'after'>,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (connection: string): void => {
      if (connection === 'connecting') return;
      stopTimer();
      stopListening();
      if (connection === 'connected') resolve();
      else reject(new CallError('not-connected', 'there is no connection'));
    };
    const stopTimer = clock.after(CONNECT_WAIT_MS, () => settle(''));
    const stopListening = $connection.listen(settle);
    settle($connection.get());
  });
