import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Takes requests before all who listen to a server now, as Engine.IO does. What `handle` does not take goes to them.
 * @param handle says whether the request was for it
 */
export function intercept(
  server: EventEmitter,
  handle: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  const others = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (handle(request, response)) return;
    for (const other of others) Reflect.apply(other, server, [request, response]);
  });
}
